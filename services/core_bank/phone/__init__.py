"""The demo customers' phone: a page of the sandbox that shows the SMS messages of the bank."""
