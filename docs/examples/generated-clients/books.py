# What a user of the generated Python client would write; prints what came of it as JSON.
import json
import os

from ledger_client import AuthenticatedClient
from ledger_client.api.accounts import get_balance, list_accounts, open_account
from ledger_client.api.ledgers import create_ledger
from ledger_client.api.transactions import post_transaction
from ledger_client.models import (
    Balance,
    CreateLedgerRequest,
    EntryRequest,
    EntryRequestDirection,
    LedgerAnswer,
    OpenAccountRequest,
    OpenAccountRequestType,
    Problem,
    ProblemCode,
    TransactionAnswer,
    TransactionRequest,
)

client = AuthenticatedClient(base_url=os.environ["LEDGER_URL"], token=os.environ["LEDGER_KEY"])

ledger = create_ledger.sync(client=client, body=CreateLedgerRequest(name="Books of Python"))
assert isinstance(ledger, LedgerAnswer), ledger
accounts = [("cash", OpenAccountRequestType.ASSET), ("sales", OpenAccountRequestType.REVENUE)]
for address, type_ in accounts:
    body = OpenAccountRequest(address=address, type_=type_, currency="USD")
    open_account.sync(ledger.id, client=client, body=body)


def entry(account: str, direction: EntryRequestDirection, amount: str) -> EntryRequest:
    return EntryRequest(account=account, direction=direction, amount=amount, currency="USD")


def post(dry_run: bool = False) -> TransactionAnswer | Problem | None:
    debited = entry("cash", EntryRequestDirection.DEBIT, "900")
    credited = entry("sales", EntryRequestDirection.CREDIT, "900")
    body = TransactionRequest(entries=[debited, credited], reference="order-1")
    return post_transaction.sync(ledger.id, client=client, body=body, dry_run=dry_run)


tried = post(dry_run=True)
assert isinstance(tried, TransactionAnswer), tried
posted = post()
assert isinstance(posted, TransactionAnswer), posted
balance = get_balance.sync(ledger.id, "cash", client=client, ledger_min_position=posted.position)
assert isinstance(balance, Balance), balance
# The reference is taken.
refused = post()
assert isinstance(refused, Problem), refused
assert refused.code is ProblemCode.REFERENCE_TAKEN, refused

pages = []
cursor: str | None = None
while True:
    more = {} if cursor is None else {"cursor": cursor}
    page = list_accounts.sync(ledger.id, client=client, limit=1, **more)
    pages.append([account.address for account in page.data])
    cursor = page.next_cursor
    if cursor is None:
        break

print(
    json.dumps(
        {
            "dry_run": tried.dry_run,
            "status": str(posted.status),
            "available": balance.available,
            "pages": pages,
            "refused": {"status": refused.status, "code": str(refused.code), "names_holder": refused.transaction == posted.id},
        }
    )
)
