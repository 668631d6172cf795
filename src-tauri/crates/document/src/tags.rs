//! The structure of a tagged PDF (ISO 32000-1, 14.7 and 14.8; ISO 14289-1): collected while pages are
//! drawn, then written beside them.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::display::{Area, Role};
use crate::error::Error;
use crate::file::integer;
use crate::finish::{utf16, writing};
use crate::theme::PAGE_HEIGHT_PT;

/// What belongs to no part of the structure, and why (ISO 32000-1, table 330).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Artifact {
    /// Decoration, or what a reader has heard before.
    Plain,
    /// Head of a further page.
    Header,
    /// Foot of a page.
    Footer,
    /// Across a page.
    Watermark,
}

impl Artifact {
    /// Its subtype among the artifacts of pagination; none for a plain one.
    pub(crate) const fn pagination(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Header => Some("Header"),
            Self::Footer => Some("Footer"),
            Self::Watermark => Some("Watermark"),
        }
    }
}

/// Where something that is drawn belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// To an element of the structure.
    Element(usize),
    /// To none.
    Artifact(Artifact),
}

/// What an element holds.
#[derive(Clone, Copy, Debug)]
enum Kid {
    Element(usize),
    /// A marked sequence of a page, by its MCID.
    Marked {
        page: usize,
        mcid: usize,
    },
    /// A link of a page, by its place among the page's links.
    Link {
        page: usize,
        index: usize,
    },
}

/// One element (ISO 32000-1, 14.7.2).
struct Element {
    /// None for the document itself.
    role: Option<Role>,
    alternate: Option<String>,
    /// Where a figure stands.
    bounds: Option<Area>,
    parent: usize,
    kids: Vec<Kid>,
}

/// What one page gives to the structure, in the order of its content.
#[derive(Default)]
struct PageParts {
    /// The element that owns each marked sequence.
    marked: Vec<usize>,
    /// The element that owns each link.
    links: Vec<usize>,
}

/// Index of the element *Document*, which holds all others.
const DOCUMENT: usize = 0;

/// The elements of a document, in reading order.
pub(crate) struct Tree {
    elements: Vec<Element>,
    open: Vec<Place>,
    /// The paragraph around what the layout has put in no part.
    loose: Option<usize>,
    pages: Vec<PageParts>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        let document = Element {
            role: None,
            alternate: None,
            bounds: None,
            parent: DOCUMENT,
            kids: Vec::new(),
        };
        Self {
            elements: vec![document],
            open: Vec::new(),
            loose: None,
            pages: Vec::new(),
        }
    }

    /// What is drawn from now on stands on a new page.
    pub(crate) fn turn_page(&mut self) {
        self.pages.push(PageParts::default());
    }

    /// Begins a part inside the one that is open. Inside an artifact everything is one.
    pub(crate) fn open(&mut self, role: Role, alternate: Option<&str>) {
        let place = match (self.open.last().copied(), role) {
            (Some(Place::Artifact(around)), _) => Place::Artifact(around),
            (_, Role::Artifact) => Place::Artifact(Artifact::Plain),
            (_, Role::PageHead) => Place::Artifact(Artifact::Header),
            (_, Role::PageFoot) => Place::Artifact(Artifact::Footer),
            (_, Role::Watermark) => Place::Artifact(Artifact::Watermark),
            (around, Role::Rest) => Place::Element(self.last_first_cell(around)),
            (around, _) => Place::Element(self.add(element_of(around), role, alternate)),
        };
        if matches!(place, Place::Element(_)) {
            self.loose = None;
        }
        self.open.push(place);
    }

    /// Ends the part that was opened last. What holds nothing is left out, but for cells, which
    /// keep the columns of a table in line.
    pub(crate) fn close(&mut self) {
        let Some(Place::Element(index)) = self.open.pop() else {
            return;
        };
        let element = &self.elements[index];
        let is_cell = matches!(
            element.role,
            Some(Role::Cell | Role::WideCell(_) | Role::HeaderCell | Role::RowHeader)
        );
        if !is_cell && element.kids.is_empty() && index + 1 == self.elements.len() {
            let parent = element.parent;
            self.elements.pop();
            self.elements[parent].kids.pop();
        }
    }

    /// Where real content belongs that is drawn now.
    pub(crate) fn place(&mut self) -> Place {
        match (self.open.last(), self.loose) {
            (Some(place), _) => *place,
            (None, Some(loose)) => Place::Element(loose),
            (None, None) => {
                let loose = self.add(DOCUMENT, Role::Paragraph, None);
                self.loose = Some(loose);
                Place::Element(loose)
            }
        }
    }

    /// Where decoration belongs that is drawn now.
    pub(crate) fn beside(&self) -> Artifact {
        match self.open.last() {
            Some(Place::Artifact(around)) => *around,
            _ => Artifact::Plain,
        }
    }

    /// Begins a marked sequence of an element on this page: its tag and MCID.
    pub(crate) fn mark(&mut self, element: usize) -> (&'static str, usize) {
        let page = self.pages.len().saturating_sub(1);
        let mcid = self.pages.last().map_or(0, |parts| parts.marked.len());
        if let Some(parts) = self.pages.last_mut() {
            parts.marked.push(element);
        }
        let element = &mut self.elements[element];
        element.kids.push(Kid::Marked { page, mcid });
        (tag(element.role), mcid)
    }

    /// Takes note of a link on this page.
    pub(crate) fn link(&mut self) {
        if let Place::Element(element) = self.place() {
            let page = self.pages.len().saturating_sub(1);
            let index = self.pages.last().map_or(0, |parts| parts.links.len());
            if let Some(parts) = self.pages.last_mut() {
                parts.links.push(element);
            }
            self.elements[element].kids.push(Kid::Link { page, index });
        }
    }

    /// Takes note of where the figure stands that is open.
    pub(crate) fn bound(&mut self, area: Area) {
        if let Some(Place::Element(element)) = self.open.last().copied() {
            self.elements[element].bounds = Some(area);
        }
    }

    fn add(&mut self, parent: usize, role: Role, alternate: Option<&str>) -> usize {
        let index = self.elements.len();
        self.elements.push(Element {
            role: Some(role),
            alternate: alternate.map(str::to_owned),
            bounds: None,
            parent,
            kids: Vec::new(),
        });
        self.elements[parent].kids.push(Kid::Element(index));
        index
    }

    /// The first cell of the last row of the table that is open.
    fn last_first_cell(&mut self, around: Option<Place>) -> usize {
        let table = element_of(around);
        let element_in = |kid: Option<&Kid>| match kid {
            Some(Kid::Element(index)) => Some(*index),
            _ => None,
        };
        let row = element_in(self.elements[table].kids.last());
        let cell = row.and_then(|row| element_in(self.elements[row].kids.first()));
        cell.unwrap_or_else(|| self.add(table, Role::Paragraph, None))
    }
}

fn element_of(place: Option<Place>) -> usize {
    match place {
        Some(Place::Element(index)) => index,
        Some(Place::Artifact(_)) | None => DOCUMENT,
    }
}

/// The standard type of an element (ISO 32000-1, 14.8.4).
const fn tag(role: Option<Role>) -> &'static str {
    let Some(role) = role else {
        return "Document";
    };
    match role {
        Role::Title => "H1",
        Role::Heading => "H2",
        Role::Figure => "Figure",
        Role::Table => "Table",
        Role::Row => "TR",
        Role::HeaderCell | Role::RowHeader => "TH",
        Role::Cell | Role::WideCell(_) => "TD",
        Role::Link => "Link",
        // The others are no elements.
        Role::Paragraph
        | Role::Rest
        | Role::Artifact
        | Role::PageHead
        | Role::PageFoot
        | Role::Watermark => "P",
    }
}

/// Writes the structure into a document whose pages are drawn.
///
/// # Errors
/// [`Error::Writing`].
pub(crate) fn write(document: &mut Document, tree: &Tree) -> Result<(), Error> {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    if pages.len() != tree.pages.len() {
        return Err(writing("a page is missing"));
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tree
        .elements
        .iter()
        .map(|_| document.new_object_id())
        .collect();
    let mut keys = Keys::new(pages.len());
    let mut links = Vec::with_capacity(pages.len());
    for (index, (page, parts)) in pages.iter().zip(&tree.pages).enumerate() {
        keys.page(index, parts, &ids);
        links.push(tie_page(document, *page, index, parts, &ids, &mut keys)?);
    }
    for (index, element) in tree.elements.iter().enumerate() {
        let parent = if index == DOCUMENT {
            root
        } else {
            ids[element.parent]
        };
        let written = written(element, parent, &ids, &pages, &links);
        document.set_object(ids[index], written);
    }
    let next = keys.next;
    let parents = document.add_object(dictionary! { "Nums" => Object::Array(keys.finish()) });
    let tree_root = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => Object::Array(vec![Object::Reference(ids[DOCUMENT])]),
        "ParentTree" => Object::Reference(parents),
        "ParentTreeNextKey" => next
    };
    document.set_object(root, tree_root);
    let catalog = document.catalog_mut().map_err(writing)?;
    catalog.set("StructTreeRoot", Object::Reference(root));
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    Ok(())
}

/// The parent tree (ISO 32000-1, 14.7.4.4): for each page who owns its marked sequences, then for
/// each link who owns it.
struct Keys {
    pages: Vec<Object>,
    links: Vec<Object>,
    /// The next key that is free.
    next: i64,
}

impl Keys {
    fn new(page_count: usize) -> Self {
        Self {
            pages: Vec::with_capacity(2 * page_count),
            links: Vec::new(),
            next: integer(page_count),
        }
    }

    fn page(&mut self, index: usize, parts: &PageParts, ids: &[ObjectId]) {
        let owners = parts.marked.iter();
        let owners = owners.map(|owner| Object::Reference(ids[*owner])).collect();
        self.pages.push(integer(index).into());
        self.pages.push(Object::Array(owners));
    }

    fn link(&mut self, owner: ObjectId) -> i64 {
        let key = self.next;
        self.links.push(key.into());
        self.links.push(Object::Reference(owner));
        self.next += 1;
        key
    }

    fn finish(mut self) -> Vec<Object> {
        self.pages.append(&mut self.links);
        self.pages
    }
}

/// Gives a page its keys in the parent tree, and makes its links objects of their own, so that the
/// structure can point at them; gives back their ids.
fn tie_page(
    document: &mut Document,
    page: ObjectId,
    index: usize,
    parts: &PageParts,
    ids: &[ObjectId],
    keys: &mut Keys,
) -> Result<Vec<ObjectId>, Error> {
    let dictionary = document.get_dictionary_mut(page).map_err(writing)?;
    dictionary.set("StructParents", integer(index));
    // Links are reached in the order of the structure.
    dictionary.set("Tabs", "S");
    let drawn = match dictionary.remove(b"Annots") {
        Some(Object::Array(drawn)) => drawn,
        _ => Vec::new(),
    };
    if drawn.len() != parts.links.len() {
        return Err(writing("a link is missing"));
    }
    let mut links = Vec::with_capacity(drawn.len());
    for (annotation, owner) in drawn.into_iter().zip(&parts.links) {
        let Object::Dictionary(mut annotation) = annotation else {
            return Err(writing("a link is no dictionary"));
        };
        annotation.set("StructParent", keys.link(ids[*owner]));
        links.push(document.add_object(annotation));
    }
    if !links.is_empty() {
        let references = links.iter().map(|id| Object::Reference(*id)).collect();
        let dictionary = document.get_dictionary_mut(page).map_err(writing)?;
        dictionary.set("Annots", Object::Array(references));
    }
    Ok(links)
}

/// An element as it is written (ISO 32000-1, table 323). Sequences of its own page are plain
/// numbers; those of others name their page.
fn written(
    element: &Element,
    parent: ObjectId,
    ids: &[ObjectId],
    pages: &[ObjectId],
    links: &[Vec<ObjectId>],
) -> Dictionary {
    let own_page = element.kids.iter().find_map(|kid| match kid {
        Kid::Marked { page, .. } => Some(*page),
        _ => None,
    });
    let kid = |kid: &Kid| match *kid {
        Kid::Element(index) => Object::Reference(ids[index]),
        Kid::Marked { page, mcid } if own_page == Some(page) => integer(mcid).into(),
        Kid::Marked { page, mcid } => Object::Dictionary(dictionary! {
            "Type" => "MCR",
            "Pg" => Object::Reference(pages[page]),
            "MCID" => integer(mcid)
        }),
        Kid::Link { page, index } => Object::Dictionary(dictionary! {
            "Type" => "OBJR",
            "Pg" => Object::Reference(pages[page]),
            "Obj" => Object::Reference(links[page][index])
        }),
    };
    let mut written = dictionary! {
        "Type" => "StructElem",
        "S" => tag(element.role),
        "P" => Object::Reference(parent)
    };
    if !element.kids.is_empty() {
        written.set("K", Object::Array(element.kids.iter().map(kid).collect()));
    }
    if let Some(page) = own_page {
        written.set("Pg", Object::Reference(pages[page]));
    }
    if let Some(alternate) = &element.alternate {
        written.set("Alt", utf16(alternate));
    }
    if let Some(attributes) = attributes(element) {
        written.set("A", attributes);
    }
    written
}

/// What is said of an element besides: whose heading a cell is, how wide it is (ISO 32000-1, table
/// 349), where a figure stands (table 344).
fn attributes(element: &Element) -> Option<Dictionary> {
    let scope = |scope: &str| Some(dictionary! { "O" => "Table", "Scope" => scope });
    match (element.role?, element.bounds) {
        (Role::HeaderCell, _) => scope("Column"),
        (Role::RowHeader, _) => scope("Row"),
        (Role::WideCell(columns), _) => {
            Some(dictionary! { "O" => "Table", "ColSpan" => i64::from(columns) })
        }
        (Role::Figure, Some(area)) => {
            let sides = [
                area.left,
                PAGE_HEIGHT_PT - area.bottom(),
                area.right(),
                PAGE_HEIGHT_PT - area.top,
            ];
            let sides = sides.map(Object::Real).to_vec();
            Some(dictionary! { "O" => "Layout", "BBox" => Object::Array(sides) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Artifact, Place, Tree, tag};
    use crate::display::Role;

    fn open_all(tree: &mut Tree, roles: &[Role]) {
        tree.turn_page();
        for role in roles {
            tree.open(*role, None);
        }
    }

    #[test]
    fn inside_an_artifact_everything_is_one() {
        let mut tree = Tree::new();
        open_all(&mut tree, &[Role::Table, Role::Artifact, Role::Row]);
        assert_eq!(tree.place(), Place::Artifact(Artifact::Plain));
        tree.close();
        tree.close();
        assert!(matches!(tree.place(), Place::Element(_)));
        open_all(&mut tree, &[Role::PageFoot]);
        assert_eq!(tree.beside(), Artifact::Footer);
        assert_eq!(tree.elements.len(), 2, "the document and its table");
    }

    #[test]
    fn what_is_in_no_part_is_still_read_out() {
        let mut tree = Tree::new();
        tree.turn_page();
        let (first, again) = (tree.place(), tree.place());
        assert_eq!(first, again);
        tree.open(Role::Title, None);
        let Place::Element(title) = tree.place() else {
            panic!("a title is an element");
        };
        assert_eq!(tree.mark(title), ("H1", 0));
        tree.close();
        let after = tree.place();
        assert_ne!(after, first, "reading order is that of the page");
        let Place::Element(after) = after else {
            panic!("no artifact");
        };
        assert_eq!(tag(tree.elements[after].role), "P");
    }

    #[test]
    fn the_rest_of_a_row_goes_on_in_its_first_cell() {
        let mut tree = Tree::new();
        open_all(&mut tree, &[Role::Table, Role::Row, Role::Cell]);
        let first = tree.place();
        tree.close();
        tree.open(Role::Cell, None);
        tree.close();
        tree.close();
        tree.turn_page();
        tree.open(Role::Rest, None);
        assert_eq!(tree.place(), first);
    }

    #[test]
    fn empty_parts_vanish_and_empty_cells_stay() {
        let mut tree = Tree::new();
        open_all(&mut tree, &[Role::Paragraph]);
        tree.close();
        assert_eq!(tree.elements.len(), 1);
        assert!(tree.elements[0].kids.is_empty());
        open_all(&mut tree, &[Role::Table, Role::Row, Role::Cell]);
        (0..3).for_each(|_| tree.close());
        assert_eq!(tree.elements.len(), 4);
    }
}
