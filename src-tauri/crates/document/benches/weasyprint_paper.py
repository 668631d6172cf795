"""Sets the same invoice with WeasyPrint and attaches the same XML with factur-x: the other side of `paper.rs`."""

import html
import json
import resource
import sys

import facturx
import weasyprint

STYLE = """
@page { size: A4; margin: 18mm 16mm; @bottom-right { content: counter(page) "/" counter(pages); font-size: 8pt } }
body { font: 9pt Inter, "DejaVu Sans", sans-serif; color: #201e1b }
table { width: 100%; border-collapse: collapse } th { text-align: left; border-bottom: 1px solid #d3cdc2 }
td, th { padding: 3pt 4pt; vertical-align: top } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
tr { break-inside: avoid } .section { font-weight: 600 } .due { font-size: 16pt; font-weight: 700 }
.pay { background: #23509e; color: white; padding: 6pt 12pt; text-decoration: none; border-radius: 4pt }
"""


def row(line):
    """One row of the table."""
    if "section" in line:
        return f'<tr><td class="section" colspan="5">{html.escape(line["section"])}</td></tr>'
    cells = [line["quantity"] + " " + (line["unit"] or ""), line["price"], line["rate"] + " %", line["amount"]]
    numbers = "".join(f'<td class="n">{html.escape(cell)}</td>' for cell in cells)
    description = html.escape(line["description"]).replace("\n", "<br>")
    return f"<tr><td>{description}</td>{numbers}</tr>"


def page(invoice, index):
    """The invoice as HTML; `index` makes each differ."""
    heads = "".join(f'<th class="n" scope="col">{head}</th>' for head in ("Quantité", "Prix HT", "TVA", "Montant HT"))
    rows = "".join(row(line) for line in invoice["rows"])
    totals = "".join(f'<tr><td>{name}</td><td class="n">{amount} €</td></tr>' for name, amount in invoice["totals"])
    return f"""<html lang="fr"><head><title>{invoice["number"]}</title><style>{STYLE}</style></head><body>
    <p><b>{html.escape(invoice["seller"])}</b></p><p>{html.escape(invoice["buyer"])}<br>{index} impasse des Tuiliers</p>
    <h1>Facture {invoice["number"]}</h1><p>{html.escape(invoice["title"] or "")}</p>
    <table><thead><tr><th scope="col">Désignation</th>{heads}</tr></thead><tbody>{rows}</tbody></table>
    <table style="width:40%; margin-left:auto">{totals}</table>
    <p class="due"><a class="pay" href="{html.escape(invoice["url"])}">Payer par carte</a></p></body></html>"""


def main(path, count):
    """Makes the invoices and tells what they cost."""
    with open(path, encoding="utf-8") as file:
        invoice = json.load(file)
    xml, size = invoice["xml"].encode(), 0
    for index in range(count):
        made = weasyprint.HTML(string=page(invoice, index)).write_pdf(pdf_variant="pdf/a-3b", pdf_tags=True)
        whole = facturx.generate_from_binary(made, xml, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=False)
        size += len(whole)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "cpu_ms": round((used.ru_utime + used.ru_stime) * 1000),
        "peak_kib": used.ru_maxrss,
        "bytes": size // count,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
