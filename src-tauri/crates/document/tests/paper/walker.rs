//! Walks the tags of a PDF from both ends, the content of its pages and the structure tree, and says
//! what does not meet (ISO 32000-1, 14.6–14.8; ISO 14289-1).

use std::collections::{BTreeMap, BTreeSet};

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

const PAINTS_TEXT: [&str; 4] = ["Tj", "TJ", "'", "\""];
const PAINTS: [&str; 12] = [
    "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Do", "EI",
];

/// Everything that is wrong with the tags.
pub(crate) fn faults(pdf: &Document) -> Vec<String> {
    let mut walk = Walk {
        pdf,
        faults: Vec::new(),
        parents: BTreeMap::new(),
        owners: BTreeMap::new(),
        links: BTreeMap::new(),
        titles: 0,
    };
    walk.whole();
    walk.faults
}

struct Walk<'a> {
    pdf: &'a Document,
    faults: Vec<String>,
    /// The parent tree.
    parents: BTreeMap<i64, &'a Object>,
    /// Who holds the sequence of a page.
    owners: BTreeMap<(ObjectId, i64), Vec<ObjectId>>,
    /// Who holds an annotation.
    links: BTreeMap<ObjectId, Vec<ObjectId>>,
    titles: usize,
}

fn name(dictionary: &Dictionary, key: &[u8]) -> String {
    let name = dictionary.get(key).and_then(Object::as_name);
    String::from_utf8_lossy(name.unwrap_or_default()).into_owned()
}

fn says(dictionary: &Dictionary, key: &[u8]) -> bool {
    let text = dictionary.get(key).and_then(Object::as_str);
    // More than the mark of UTF-16.
    text.is_ok_and(|text| text.len() > 2)
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    dictionary.get(key).and_then(Object::as_reference).ok()
}

fn kids(dictionary: &Dictionary) -> &[Object] {
    dictionary
        .get(b"K")
        .and_then(Object::as_array)
        .map_or(&[], Vec::as_slice)
}

impl<'a> Walk<'a> {
    fn fault(&mut self, words: impl Into<String>) {
        self.faults.push(words.into());
    }

    fn dictionary(&self, id: ObjectId) -> &'a Dictionary {
        self.pdf.get_dictionary(id).unwrap()
    }

    fn whole(&mut self) {
        let catalog = self.pdf.catalog().unwrap();
        let Some(root) = reference(catalog, b"StructTreeRoot") else {
            return self.fault("there is no structure tree");
        };
        let tree = self.dictionary(root);
        let numbers = self.dictionary(reference(tree, b"ParentTree").unwrap());
        let numbers = numbers.get(b"Nums").unwrap().as_array().unwrap();
        for pair in numbers.chunks(2) {
            let known = self.parents.insert(pair[0].as_i64().unwrap(), &pair[1]);
            assert_eq!(known, None, "a key twice");
        }
        for top in kids(tree) {
            self.element(top.as_reference().unwrap(), root, "");
        }
        for page in self.pdf.page_iter() {
            self.page(page);
        }
        if !self.owners.is_empty() {
            self.fault(format!("{:?} are not shown", self.owners));
        }
        if !self.links.is_empty() {
            self.fault("the tree points at a link that is on no page");
        }
        if self.titles != 1 {
            self.fault(format!("{} titles", self.titles));
        }
    }

    fn element(&mut self, id: ObjectId, parent: ObjectId, holder: &str) {
        let element = self.dictionary(id);
        let kind = name(element, b"S");
        if reference(element, b"P") != Some(parent) {
            self.fault(format!("{kind} does not know its parent"));
        }
        let fits = match holder {
            "" => kind == "Document",
            "Table" => kind == "TR",
            "TR" => kind == "TH" || kind == "TD",
            _ => ["H1", "H2", "P", "Figure", "Table", "Link"].contains(&kind.as_str()),
        };
        if !fits {
            self.fault(format!("{kind} inside {holder}"));
        }
        let mut holds_link = false;
        for kid in kids(element) {
            match kid {
                Object::Integer(mcid) => {
                    let page = reference(element, b"Pg").unwrap();
                    self.owners.entry((page, *mcid)).or_default().push(id);
                }
                Object::Reference(kid) => self.element(*kid, id, &kind),
                Object::Dictionary(kid) if name(kid, b"Type") == "MCR" => {
                    let page = reference(kid, b"Pg").unwrap();
                    let mcid = kid.get(b"MCID").unwrap().as_i64().unwrap();
                    self.owners.entry((page, mcid)).or_default().push(id);
                }
                Object::Dictionary(kid) => {
                    holds_link = true;
                    let link = reference(kid, b"Obj").unwrap();
                    self.links.entry(link).or_default().push(id);
                }
                other => self.fault(format!("{kind} holds {other:?}")),
            }
        }
        self.worded(element, &kind, holds_link);
    }

    /// What an element must say of itself.
    fn worded(&mut self, element: &Dictionary, kind: &str, holds_link: bool) {
        if kids(element).is_empty() && kind != "TD" && kind != "TH" {
            self.fault(format!("{kind} holds nothing"));
        }
        let scope = element.get(b"A").and_then(Object::as_dict);
        let scope = scope.map(|attributes| name(attributes, b"Scope"));
        match kind {
            "H1" => self.titles += 1,
            "TH" if !matches!(scope.as_deref(), Ok("Column" | "Row")) => {
                self.fault("TH without Scope");
            }
            "Figure" if !says(element, b"Alt") => self.fault("Figure without Alt"),
            "Link" if !holds_link => self.fault("Link without its annotation"),
            "Link" if !says(element, b"Alt") => self.fault("Link without alternative text"),
            "Table" => self.even(element),
            _ => {}
        }
    }

    /// Every row covers as many columns as the others.
    fn even(&mut self, table: &Dictionary) {
        let width = |cell: &Object| {
            let cell = self.dictionary(cell.as_reference().unwrap());
            let attributes = cell.get(b"A").and_then(Object::as_dict);
            let span = attributes.and_then(|attributes| attributes.get(b"ColSpan"));
            span.and_then(Object::as_i64).unwrap_or(1)
        };
        let row = |row: &Object| {
            let row = self.dictionary(row.as_reference().unwrap());
            kids(row).iter().map(width).sum::<i64>()
        };
        let widths: BTreeSet<i64> = kids(table).iter().map(row).collect();
        if widths.len() != 1 {
            self.fault(format!("Table with rows of {widths:?} columns"));
        }
    }

    fn page(&mut self, id: ObjectId) {
        let page = self.dictionary(id);
        if name(page, b"Tabs") != "S" {
            self.fault("tabs do not follow the structure");
        }
        let key = page.get(b"StructParents").and_then(Object::as_i64);
        let owners = self.parents.get(&key.unwrap_or(-1)).copied();
        let owners = owners.and_then(|owners| owners.as_array().ok());
        let owners: Vec<ObjectId> = owners
            .into_iter()
            .flatten()
            .map(|owner| owner.as_reference().unwrap())
            .collect();
        let shown = self.content(id);
        if owners.len() != shown.len() {
            let (count, known) = (shown.len(), owners.len());
            self.fault(format!(
                "{count} marked sequences, {known} in the parent tree"
            ));
        }
        for (mcid, tag) in shown {
            let elements = self.owners.remove(&(id, mcid)).unwrap_or_default();
            if elements.len() != 1 {
                self.fault(format!("MCID {mcid} has {} owners", elements.len()));
                continue;
            }
            let known = usize::try_from(mcid).ok().and_then(|at| owners.get(at));
            if known != elements.first() {
                self.fault(format!("MCID {mcid} has another owner in the parent tree"));
            }
            let kind = name(self.dictionary(elements[0]), b"S");
            if kind != tag {
                self.fault(format!("MCID {mcid} is {tag} here and {kind} in the tree"));
            }
        }
        if let Ok(annotations) = page.get(b"Annots").and_then(Object::as_array) {
            for annotation in annotations {
                self.annotation(annotation.as_reference().unwrap());
            }
        }
    }

    /// The marked sequences of a page: MCID and tag.
    fn content(&mut self, page: ObjectId) -> BTreeMap<i64, String> {
        let content = self.pdf.get_page_content(page);
        let mut shown = BTreeMap::new();
        // Depth of graphics states and text objects where each open mark began.
        let (mut open, mut depth) = (Vec::new(), 0);
        for operation in Content::decode(&content).unwrap().operations {
            match operation.operator.as_str() {
                "BMC" | "BDC" => {
                    let tag = operation.operands[0].as_name().unwrap();
                    let tag = String::from_utf8(tag.to_vec()).unwrap();
                    let properties = operation.operands.get(1);
                    let mcid = properties
                        .and_then(|one| one.as_dict().ok()?.get(b"MCID").ok()?.as_i64().ok());
                    match mcid {
                        Some(_) if !open.is_empty() => self.fault("a sequence inside another"),
                        Some(mcid) if shown.contains_key(&mcid) => {
                            self.fault(format!("MCID {mcid} twice"));
                        }
                        None if tag != "Artifact" => self.fault(format!("{tag} without MCID")),
                        _ => {}
                    }
                    shown.extend(mcid.map(|mcid| (mcid, tag)));
                    open.push(depth);
                }
                "EMC" if open.pop() != Some(depth) => {
                    self.fault("a mark ends where none began");
                }
                "q" | "BT" => depth += 1,
                "Q" | "ET" => depth -= 1,
                text if PAINTS_TEXT.contains(&text) && open.is_empty() => {
                    self.fault("text outside of any mark");
                }
                other if PAINTS.contains(&other) && open.is_empty() => {
                    self.fault(format!("operator {other} outside of any mark"));
                }
                _ => {}
            }
        }
        if !open.is_empty() {
            self.fault("a mark does not end");
        }
        shown
    }

    fn annotation(&mut self, id: ObjectId) {
        let annotation = self.dictionary(id);
        let owners = self.links.remove(&id).unwrap_or_default();
        if owners.len() != 1 {
            self.fault(format!("a link has {} owners", owners.len()));
        }
        let key = annotation.get(b"StructParent").and_then(Object::as_i64);
        let known = self.parents.get(&key.unwrap_or(-1)).copied();
        if known.and_then(|known| known.as_reference().ok()) != owners.first().copied() {
            self.fault("a link has another owner in the parent tree");
        }
        if let Some(owner) = owners.first()
            && name(self.dictionary(*owner), b"S") != "Link"
        {
            self.fault("a link belongs to something else");
        }
        if !says(annotation, b"Contents") {
            self.fault("a link says nothing");
        }
        if annotation.get(b"F").and_then(Object::as_i64).ok() != Some(4) {
            self.fault("a link is not printed");
        }
    }
}
