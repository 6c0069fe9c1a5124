"""Links that belong to one browser and one visit; accounts whose rights are sealed; a password to be changed at once.

What is sealed needs the store's key, which a revision does not have: the row `to_stamp` says that `stamp` must follow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Everybody signs in anew: sessions are kept under another hash from now on."""
    op.add_column("client_link", sa.Column("claimed", sa.String(length=64), nullable=True))
    op.add_column("account", sa.Column("must_change_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("seal", sa.String(length=64), nullable=True))
    op.execute("DELETE FROM session")
    op.execute("DELETE FROM store_info WHERE name = 'to_stamp'")
    op.execute("INSERT INTO store_info (name, value) VALUES ('to_stamp', 'an older store')")
