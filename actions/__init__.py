"""The action server: what the assistant does once it has understood. One file per business capability.

`rasa run actions` imports this package; importing it puts authentication in front of the server (`server_guard`).
"""

from actions import server_guard

server_guard.register()
