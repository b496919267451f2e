"""WeChat: an openid is nobody until a customer binds it, and nobody again once the binding ends."""
