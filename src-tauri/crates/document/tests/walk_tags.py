#!/usr/bin/env python3
"""Judge the tags of a PDF: everything that is shown is content with one owner in the structure tree or an artifact, and the tree says
what a screen reader needs (ISO 32000-1, 14.6-14.8; ISO 14289-1)."""
import collections
import sys

import pikepdf

PAINTS_TEXT = {"Tj", "TJ", "'", '"'}
PAINTS = PAINTS_TEXT | {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Do", "EI"}
HOLDERS = {"TR": {"Table"}, "TH": {"TR"}, "TD": {"TR"}}
TYPES = {"Document", "H1", "H2", "P", "Figure", "Table", "TR", "TH", "TD", "Link"}


def key(thing):
    return thing.objgen


def name(thing):
    return str(thing)[1:]


class Walk:
    def __init__(self, pdf):
        self.pdf = pdf
        self.faults = []
        self.owned = collections.defaultdict(list)  # (page, mcid) -> elements
        self.links = collections.defaultdict(list)  # annotation -> elements
        self.types = collections.Counter()
        self.page_numbers = {key(page.obj): number for number, page in enumerate(pdf.pages, 1)}
        self.parents = {}

    def fault(self, words):
        self.faults.append(words)

    def catalog(self):
        root = self.pdf.Root
        if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
            self.fault("the file is not marked as tagged")
        if str(root.get("/Lang", "")) != "fr-FR":
            self.fault("the file has no language")
        if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
            self.fault("the title is not displayed")
        if "/StructTreeRoot" not in root:
            self.fault("there is no structure tree")
            return False
        numbers = list(root.StructTreeRoot.ParentTree.Nums)
        keys = [int(number) for number in numbers[::2]]
        if keys != sorted(set(keys)):
            self.fault("the keys of the parent tree are not in order")
        self.parents = dict(zip(keys, numbers[1::2]))
        return True

    def element(self, element, parent, holder):
        kind = name(element.S)
        self.types[kind] += 1
        if kind not in TYPES:
            self.fault(f"unknown type {kind}")
        if key(element.P) != key(parent):
            self.fault(f"{kind} does not know its parent")
        if kind in HOLDERS and holder not in HOLDERS[kind]:
            self.fault(f"{kind} inside {holder}")
        if holder in ("Table", "TR") and kind not in ("TR", "TH", "TD"):
            self.fault(f"{kind} inside {holder}")
        attributes = element.get("/A", pikepdf.Dictionary())
        if kind == "TH" and str(attributes.get("/Scope", "")) not in ("/Column", "/Row"):
            self.fault("TH without Scope")
        if kind == "Figure" and not str(element.get("/Alt", "")):
            self.fault("Figure without Alt")
        kids = list(element.get("/K", pikepdf.Array()))
        if not kids and kind not in ("TD", "TH"):
            self.fault(f"{kind} holds nothing")
        objects = 0
        for kid in kids:
            objects += self.kid(kid, element, kind)
        if kind == "Link":
            if not objects:
                self.fault("Link without its annotation")
            if not str(element.get("/Alt", "")):
                self.fault("Link without alternative text")
        if kind == "Table":
            self.columns(element)

    def kid(self, kid, element, kind):
        """Takes one kid; 1 where it is an annotation."""
        if isinstance(kid, (int, pikepdf.Object)) and not isinstance(kid, (pikepdf.Dictionary, pikepdf.Array)):
            self.owned[key(element.Pg), int(kid)].append(element)
        elif kid.get("/Type") == "/MCR":
            self.owned[key(kid.Pg), int(kid.MCID)].append(element)
        elif kid.get("/Type") == "/OBJR":
            self.links[key(kid.Obj)].append(element)
            return 1
        else:
            self.element(kid, element, kind)
        return 0

    def columns(self, table):
        """Every row covers as many columns as the others."""
        widths = set()
        for row in table.get("/K", pikepdf.Array()):
            cells = row.get("/K", pikepdf.Array())
            widths.add(sum(int(cell.get("/A", pikepdf.Dictionary()).get("/ColSpan", 1)) for cell in cells))
        if len(widths) != 1:
            self.fault(f"Table with rows of {sorted(widths)} columns")

    def page(self, page):
        number = self.page_numbers[key(page.obj)]
        where = f"page {number}"
        if page.obj.get("/Tabs") != "/S":
            self.fault(f"{where}: tabs do not follow the structure")
        owners = self.parents.get(int(page.obj.get("/StructParents", -1)))
        if owners is None:
            self.fault(f"{where}: not in the parent tree")
            owners = []
        shown = self.content(page, where)
        if sorted(shown) != list(range(len(owners))):
            self.fault(f"{where}: {len(shown)} marked sequences, {len(owners)} in the parent tree")
        for mcid, tag in shown.items():
            elements = self.owned.pop((key(page.obj), mcid), [])
            if len(elements) != 1:
                self.fault(f"{where}: MCID {mcid} has {len(elements)} owners")
                continue
            if mcid < len(owners) and key(owners[mcid]) != key(elements[0]):
                self.fault(f"{where}: MCID {mcid} has another owner in the parent tree")
            if name(elements[0].S) != tag:
                self.fault(f"{where}: MCID {mcid} is {tag} here and {name(elements[0].S)} in the tree")
        for annotation in page.obj.get("/Annots", []):
            self.annotation(annotation, where)

    def content(self, page, where):
        """The marked sequences of a page: MCID -> tag."""
        shown, open_marks, depth = {}, [], 0
        for operands, operator in pikepdf.parse_content_stream(page):
            operator = str(operator)
            if operator in ("BMC", "BDC"):
                tag, mcid = name(operands[0]), None
                if operator == "BDC" and "/MCID" in operands[1]:
                    mcid = int(operands[1].MCID)
                    if mcid in shown:
                        self.fault(f"{where}: MCID {mcid} twice")
                    if any(mark[1] is not None for mark in open_marks):
                        self.fault(f"{where}: MCID {mcid} inside another")
                    shown[mcid] = tag
                elif tag != "Artifact":
                    self.fault(f"{where}: {tag} without MCID")
                open_marks.append((tag, mcid, depth))
            elif operator == "EMC":
                if not open_marks or open_marks.pop()[2] != depth:
                    self.fault(f"{where}: a mark ends where none began")
            elif operator in ("q", "BT"):
                depth += 1
            elif operator in ("Q", "ET"):
                depth -= 1
            elif operator in PAINTS and not open_marks:
                what = "text" if operator in PAINTS_TEXT else f"operator {operator}"
                self.fault(f"{where}: {what} outside of any mark")
        if open_marks:
            self.fault(f"{where}: a mark does not end")
        return shown

    def annotation(self, annotation, where):
        owners = self.links.pop(key(annotation), [])
        if len(owners) != 1:
            self.fault(f"{where}: a link has {len(owners)} owners")
        else:
            known = self.parents.get(int(annotation.get("/StructParent", -1)))
            if known is None or key(known) != key(owners[0]):
                self.fault(f"{where}: a link has another owner in the parent tree")
            if name(owners[0].S) != "Link":
                self.fault(f"{where}: a link belongs to {name(owners[0].S)}")
        if not str(annotation.get("/Contents", "")):
            self.fault(f"{where}: a link says nothing")
        if int(annotation.get("/F", 0)) != 4:
            self.fault(f"{where}: a link is not printed")

    def whole(self):
        if not self.catalog():
            return
        tree = self.pdf.Root.StructTreeRoot
        tops = list(tree.K)
        if len(tops) != 1 or name(tops[0].S) != "Document":
            self.fault("the tree is not one Document")
        for top in tops:
            self.element(top, tree, None)
        for page in self.pdf.pages:
            self.page(page)
        for (page, mcid), elements in self.owned.items():
            self.fault(f"page {self.page_numbers.get(page)}: MCID {mcid} of {name(elements[0].S)} is not shown")
        if self.links:
            self.fault("the tree points at a link that is on no page")
        if self.types["H1"] != 1:
            self.fault(f"{self.types['H1']} titles")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: walk_tags.py FILE.pdf…")
    bad = 0
    for file in sys.argv[1:]:
        with pikepdf.open(file) as pdf:
            walk = Walk(pdf)
            walk.whole()
            print(file, "OK" if not walk.faults else f"{len(walk.faults)} faults", dict(walk.types))
        for fault in walk.faults[:30]:
            print("   ", fault)
        bad += len(walk.faults)
    sys.exit(1 if bad else 0)
