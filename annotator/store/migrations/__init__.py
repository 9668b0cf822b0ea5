"""How projects of older versions become projects of this one (Alembic)."""
