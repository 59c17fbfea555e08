"""What the outside may ask over GraphQL: schemas, permissions and limits; the answers come from below."""
