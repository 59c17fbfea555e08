"""The only writers of the database, one file per noun. They run inside ``models.entry.within``; no network here."""
