"""The addresses inside answers (1.1)."""

from typing import NamedTuple

from faktura.core.people.accounts import Account


class View(NamedTuple):
    """From where, and for which account, a resource is looked at."""

    api_root: str
    web_root: str
    account: Account
    secret_key: str = ""
    """By it secrets are read that programs are shown again."""
    calls_made: int = 0
    """What programs asked for in this month, where that is shown."""

    @property
    def api_url(self) -> str:
        return f"{self.api_root}/accounts/{self.account.slug}"

    @property
    def web_url(self) -> str:
        return f"{self.web_root}/{self.account.slug}"
