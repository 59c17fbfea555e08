"""The schema behind the Dashboard extension: every root field names the Saleor permission that it needs."""
