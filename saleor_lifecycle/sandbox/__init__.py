"""A stand-in Saleor for demos and tests: its API, its webhooks, a storefront, shoppers and a mailbox.

It imports nothing of the app, so that the two can only meet over HTTP and SMTP, as with a real shop.
"""
