"""One-time links: pages of the sandbox for what is never typed in a chat. A bank has pages of its own."""
