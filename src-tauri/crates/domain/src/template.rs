//! Variables in the subject and body of mails: filled in when the mail leaves, so that amounts and link
//! are those of that moment.

use crate::error::Rule;

/// What a text can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Civility of the contact who is written to.
    Civility,
    /// Name of the contact who is written to, else of the customer.
    Name,
    /// Numbers of the invoices.
    Number,
    /// What the works are about.
    Title,
    /// Total incl. VAT.
    Gross,
    /// What is still to pay.
    NetDue,
    /// Due date.
    DueDate,
    /// Address of the site.
    Site,
    /// Name of the company.
    Company,
    /// The invoices, as one speaks of them: with article, number and date.
    Invoices,
    /// How many days the oldest has been due.
    Late,
    /// What late payment adds for a professional; nothing for anybody else.
    LateCosts,
    /// The payment block: the link as it stands, or how to pay without one.
    PaymentLink,
}

impl Variable {
    /// All of them, in the order in which they are proposed.
    pub const ALL: [Self; 13] = [
        Self::PaymentLink,
        Self::Civility,
        Self::Name,
        Self::Number,
        Self::Title,
        Self::NetDue,
        Self::DueDate,
        Self::Gross,
        Self::Site,
        Self::Company,
        Self::Invoices,
        Self::Late,
        Self::LateCosts,
    ];

    /// As people write it, without braces.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Civility => "civilité",
            Self::Name => "nom",
            Self::Number => "numéro",
            Self::Title => "objet",
            Self::Gross => "montant",
            Self::NetDue => "net à payer",
            Self::DueDate => "échéance",
            Self::Site => "chantier",
            Self::Company => "entreprise",
            Self::Invoices => "factures",
            Self::Late => "retard",
            Self::LateCosts => "pénalités",
            Self::PaymentLink => "lien de paiement",
        }
    }

    /// As it stands in a text.
    #[must_use]
    pub fn token(self) -> String {
        format!("{{{}}}", self.word())
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|variable| variable.word() == word)
    }
}

/// A piece of a text that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A paragraph; it may have several lines.
    Paragraph(String),
    /// Where the payment block stands.
    Payment,
}

/// A text's parts in their order: plain text, or a variable.
fn parts(text: &str) -> Result<Vec<Result<Variable, &str>>, Rule> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        let Some(close) = after.find('}') else {
            break;
        };
        let word = after.get(1..close).unwrap_or_default();
        let variable = Variable::parse(word)
            .ok_or_else(|| Rule::UnknownVariable(word.chars().take(40).collect()))?;
        parts.push(Err(before));
        parts.push(Ok(variable));
        rest = after.get(close + 1..).unwrap_or_default();
    }
    parts.push(Err(rest));
    Ok(parts)
}

/// Whether all variables of a text are known.
///
/// # Errors
/// [`Rule::UnknownVariable`].
pub fn check(text: &str) -> Result<(), Rule> {
    parts(text).map(drop)
}

/// Fills in one line, such as a subject. The payment block has no place there and is left out.
///
/// # Errors
/// [`Rule::UnknownVariable`].
pub fn fill_line(text: &str, value: impl Fn(Variable) -> String) -> Result<String, Rule> {
    let line = tidy(&filled(text, &value, "")?.replace('\n', " "));
    // What stood before a variable without a value leads nowhere.
    Ok(line.trim_end_matches([',', ':', ' ']).to_owned())
}

/// Fills in a body: paragraphs are separated by blank lines, and the payment block stands between
/// paragraphs, once, wherever its variable is first named.
///
/// # Errors
/// [`Rule::UnknownVariable`].
pub fn fill(text: &str, value: impl Fn(Variable) -> String) -> Result<Vec<Piece>, Rule> {
    /// Stands for the block while the text is taken apart; no text can hold it (a control character).
    const MARK: &str = "\u{1}";
    let filled = filled(text, &value, MARK)?;
    let mut pieces = Vec::new();
    for (index, between) in filled.split(MARK).enumerate() {
        if index == 1 {
            pieces.push(Piece::Payment);
        }
        let paragraphs = between.split("\n\n").map(tidy);
        let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
        pieces.extend(paragraphs.map(Piece::Paragraph));
    }
    Ok(pieces)
}

fn filled(text: &str, value: &impl Fn(Variable) -> String, payment: &str) -> Result<String, Rule> {
    let parts = parts(text)?;
    let parts = parts.into_iter().map(|part| match part {
        Ok(Variable::PaymentLink) => payment.to_owned(),
        Ok(variable) => value(variable),
        Err(plain) => plain.to_owned(),
    });
    Ok(parts.collect())
}

/// What a variable without a value leaves behind is closed up: `Bonjour ,` becomes `Bonjour,`. Only
/// plain blanks: the ones that French typography wants are others.
fn tidy(text: &str) -> String {
    let lines = text.trim().lines().map(|line| {
        let mut tidied = String::with_capacity(line.len());
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            if !tidied.is_empty() && !matches!(word, "," | ".") {
                tidied.push(' ');
            }
            tidied.push_str(word);
        }
        tidied
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Piece, Variable, check, fill, fill_line};
    use crate::error::Rule;

    fn value(variable: Variable) -> String {
        match variable {
            Variable::Name => "Madame Marchand".to_owned(),
            Variable::Number => "F-2026-00147".to_owned(),
            Variable::NetDue => "2\u{202f}866,90\u{a0}€".to_owned(),
            _ => String::new(),
        }
    }

    fn paragraph(text: &str) -> Piece {
        Piece::Paragraph(text.to_owned())
    }

    #[test]
    fn a_body_is_filled_and_the_payment_stands_between_paragraphs() {
        let body = "Bonjour {nom},\n\nVoici {Numéro},\nde {net à payer}.\n{lien de paiement}\nBien à vous, {lien de paiement}";
        assert_eq!(
            fill(body, value).unwrap(),
            [
                paragraph("Bonjour Madame Marchand,"),
                paragraph("Voici F-2026-00147,\nde 2\u{202f}866,90\u{a0}€."),
                Piece::Payment,
                paragraph("Bien à vous,"),
            ]
        );
        assert_eq!(fill(" \n\n ", value).unwrap(), []);
        // Nobody said how to address this customer.
        let body = "Bonjour {civilité} {nom},";
        assert_eq!(
            fill(body, value).unwrap(),
            [paragraph("Bonjour Madame Marchand,")]
        );
    }

    #[test]
    fn a_line_has_no_block_and_closes_gaps() {
        let line = fill_line("Facture {numéro} {objet} , {lien de paiement} merci", value);
        assert_eq!(line.unwrap(), "Facture F-2026-00147, merci");
        let line = fill_line("Facture {numéro}, {objet}", value);
        assert_eq!(line.unwrap(), "Facture F-2026-00147");
    }

    #[test]
    fn what_is_no_variable_is_named_and_lone_braces_are_text() {
        let unknown = Err(Rule::UnknownVariable("prix".to_owned()));
        assert_eq!(check("un {prix}"), unknown);
        assert_eq!(check("un { seul"), Ok(()));
        assert_eq!(fill_line("a } b { c", value).unwrap(), "a } b { c");
        for variable in Variable::ALL {
            assert_eq!(check(&variable.token()), Ok(()));
        }
    }
}
