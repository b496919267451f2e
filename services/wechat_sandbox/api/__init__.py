"""The API a connector calls: api.weixin.qq.com and qyapi.weixin.qq.com at one base address."""
