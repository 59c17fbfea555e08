"""HTTP entry points: verify, translate, call, answer."""
