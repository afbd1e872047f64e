"""Databases of PostgreSQL that are built once, and then copied as templates."""

from collections.abc import Callable

from tests.postgres import administrator, create_template


def kept_template(server_url: str, stem: str, version: str, fill: Callable[[str], None]) -> str:
    """The name of the database; filled where there is none of this version, and others of the stem are dropped."""
    name = f"{stem}_{version}"
    with administrator(server_url) as connection:
        known = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{stem}_"])
        found = [row[0] for row in known]
        for outdated in found:
            if outdated != name:
                connection.execute(f'DROP DATABASE "{outdated}"')
    if name not in found:
        building = f"building_{name}"
        with administrator(server_url) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{building}"')
        create_template(server_url, building, fill)
        with administrator(server_url) as connection:
            connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    return name
