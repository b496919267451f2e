"""Tencent's side for tests and the sandbox: pushes, the API, phones. Everything is in memory and strict on purpose."""
