"""A FEC of as many lines as asked for by Tryton (trytond_account_fr), of entries like ours: one JSON line on standard output.

    python tryton_fec.py LINES FILE
"""

import datetime as dt
import json
import os
import resource
import sys
import time

os.environ["DB_NAME"] = ":memory:"

from trytond.pool import Pool  # noqa: E402
from trytond.tests.test_tryton import activate_module  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

ENTRY_LINES = 4


def company_and_chart():
    """A company with the accounts, the journal, the period and the customer that the entries name."""
    pool = Pool()
    get = pool.get
    (currency,) = get("currency.currency").create([{"name": "Euro", "symbol": "€", "code": "EUR", "digits": 2}])
    owner, customer = get("party.party").create([{"name": "Ferrand Plomberie"}, {"name": "Hélène Marchand"}])
    (company,) = get("company.company").create([{"party": owner.id, "currency": currency.id}])
    with Transaction().set_context(company=company.id):
        accounts = get("account.account").create([
            {"name": name, "code": code, "company": company.id}
            for code, name in [
                ("411000", "Clients"), ("411700", "Retenues de garantie"), ("704000", "Travaux"), ("445742", "TVA en attente")]])
        (sequence_type,) = get("ir.sequence.type").search([("name", "=", "Account Move")], limit=1)
        (sequence,) = get("ir.sequence.strict").create([
            {"name": "Ventes", "sequence_type": sequence_type.id, "company": company.id}])
        year = {
            "name": "2026", "start_date": dt.date(2026, 1, 1), "end_date": dt.date(2026, 12, 31), "company": company.id}
        field = "move_sequence" if "move_sequence" in get("account.fiscalyear")._fields else "post_move_sequence"
        year[field] = sequence.id
        (year,) = get("account.fiscalyear").create([year])
        (period,) = get("account.period").create([
            {"name": "2026", "start_date": dt.date(2026, 1, 1), "end_date": dt.date(2026, 12, 31), "fiscalyear": year.id}])
        (journal,) = get("account.journal").create([{"name": "Ventes", "code": "VE", "type": "revenue"}])
    return company, year, period, journal, customer, accounts


def post(company, period, journal, customer, accounts, lines):
    """Posted entries, written as rows: making them is not what is measured."""
    cursor = Transaction().connection.cursor()
    count = lines // ENTRY_LINES
    day = dt.date(2026, 6, 1)
    moves = (
        (index, f"{index}", company.id, period.id, journal.id, day, day, "posted", f"Facture F-2026-{index}")
        for index in range(1, count + 1))
    cursor.executemany(
        'INSERT INTO account_move (id, number, company, period, journal, date, post_date, state, description) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", moves)
    receivable, held, sold, vat = (account.id for account in accounts)

    def rows():
        for index in range(1, count + 1):
            for account, party, debit, credit in (
                    (receivable, customer.id, "1045", "0"), (held, customer.id, "55", "0"),
                    (sold, None, "0", "1000"), (vat, None, "0", "100")):
                yield index, account, party, debit, credit, "valid", f"Facture F-2026-{index} Hélène Marchand"

    cursor.executemany(
        "INSERT INTO account_move_line (move, account, party, debit, credit, state, description) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)", rows())


def main(lines, path):
    activate_module(["account_fr"])
    with Transaction().start(":memory:", 1) as transaction:
        company, year, period, journal, customer, accounts = company_and_chart()
        with transaction.set_context(company=company.id):
            post(company, period, journal, customer, accounts, lines)
            FEC = Pool().get("account.fr.fec", type="wizard")
            session, _, _ = FEC.create()
            wizard = FEC(session)
            wizard.start.fiscalyear = year
            wizard.start.type = "is-bic"
            wizard.start.deferral_period = None
            begin = time.process_time()
            wizard.transition_generate()
            spent = time.process_time() - begin
            data = bytes(wizard.result.file)
    with open(path, "wb") as file:
        file.write(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu_ms": round(spent * 1000), "peak_kib": peak, "lines": data.count(b"\n") - 1, "bytes": len(data)}))


main(int(sys.argv[1]), sys.argv[2])
