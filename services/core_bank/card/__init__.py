"""Cards beyond freezing and loss: replacement, activation, PIN, what they are open for."""
