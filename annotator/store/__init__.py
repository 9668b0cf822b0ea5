"""The only place that knows SQL: a project in one SQLite file, or in a PostgreSQL database."""
