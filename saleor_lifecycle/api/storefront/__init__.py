"""The schema for storefronts: a federated subgraph beside Saleor's own; each root field and type begins with lifecycle.

For a gateway only ``User``, extended, and ``ProductVariant``, referred to, are Saleor's.
"""
