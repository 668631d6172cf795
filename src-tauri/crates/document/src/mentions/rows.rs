//! The texts themselves: what the law changes is changed here, by a row with dates.
//!
//! The recodification of VAT (from the CGI to the CIBS) will end rows and add others beside them.

use jiff::civil::{Date, date};

use super::{Id, Note};
use crate::words;

/// One text and the time that it is for.
pub(super) struct Row {
    pub(super) id: Id,
    /// First issue date; none: since before this program.
    pub(super) from: Option<Date>,
    /// Last issue date; none: still so.
    pub(super) until: Option<Date>,
    /// Where it is written that it must be said.
    #[cfg_attr(not(test), expect(dead_code, reason = "for who reads the rows"))]
    pub(super) law: &'static str,
    /// What it is about.
    pub(super) lead: &'static str,
    /// What it says; `{}` is filled in.
    pub(super) text: &'static str,
    /// How the XML says it.
    pub(super) note: Note,
}

impl Row {
    const fn new(id: Id, law: &'static str, lead: &'static str, text: &'static str) -> Self {
        Self {
            id,
            from: None,
            until: None,
            law,
            lead,
            text,
            note: Note::Whole("AAI"),
        }
    }

    const fn noted(self, note: Note) -> Self {
        Self { note, ..self }
    }

    const fn since(self, from: Date) -> Self {
        Self {
            from: Some(from),
            ..self
        }
    }

    const fn until(self, until: Date) -> Self {
        Self {
            until: Some(until),
            ..self
        }
    }

    pub(super) fn is_for(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

const DISCOUNT: &str = "Conditions";
const PENALTIES: &str = "Pénalités de retard";
const FEE: &str = "Frais de recouvrement";
const PRIVATE: &str = "Sans objet (client particulier).";
const CREDIT: &str = "Sans objet (avoir).";
const TEN: &str = "TVA 10\u{a0}%";
const REDUCED: &str = "TVA 5,5\u{a0}%";

/// Day on which the forms 1300 and 1301 went (loi de finances pour 2025, art. 41).
const FORMS_GONE: Date = date(2025, 2, 16);
const LAST_OF_FORMS: Date = date(2025, 2, 15);

/// BOI-LETTRE-000280 of 22 October 2025.
macro_rules! dwelling {
    ($end:literal) => {
        concat!(
            "le client certifie, en qualité de preneur de la prestation, que les travaux réalisés concernent des locaux à usage d’habitation achevés depuis plus de deux ans et qu’ils n’ont pas eu pour effet, sur une période de deux ans au plus, de concourir à la production d’un immeuble neuf au sens du 2° du 2 du I de l’article 257 du CGI, ni d’entraîner une augmentation de la surface de plancher des locaux existants supérieure à 10\u{a0}%",
            $end
        )
    };
}

/// Every text, in the order in which it is printed.
pub(super) static ROWS: &[Row] = &[
    Row::new(Id::BankDetails, "no law: how to pay", words::BY_TRANSFER, "{}").noted(Note::Elsewhere),
    Row::new(Id::ElectronicAddresses, "norme XP Z12-012, BT-34 and BT-49", "Adresses électroniques", "{}")
        .noted(Note::Elsewhere),
    Row::new(Id::LegalForm, "C. com. art. R123-238", "", "{}").noted(Note::Text("REG")),
    Row::new(Id::SoleTrader, "C. com. art. R526-27", "", words::SOLE_TRADER)
        .noted(Note::Text("REG"))
        .since(date(2022, 5, 15)),
    Row::new(Id::Register, "C. com. art. R123-237", "", "{}").noted(Note::Text("ABL")),
    Row::new(Id::Discount, "C. com. art. L441-9", DISCOUNT, "Pas d’escompte pour paiement anticipé.")
        .noted(Note::Text("AAB")),
    Row::new(Id::DiscountOfCredit, "norme XP Z12-012, BR-FR-05", "Escompte", CREDIT).noted(Note::Text("AAB")),
    Row::new(Id::VatOnReceipt, "CGI art. 269, 2, c", DISCOUNT, "TVA acquittée sur les encaissements.").noted(Note::Text("AAI")),
    Row::new(
        Id::VatOnInvoice,
        "CGI ann. II art. 242 nonies A",
        DISCOUNT,
        "Option pour le paiement de la taxe d’après les débits.",
    ).noted(Note::Text("AAI")),
    Row::new(
        Id::Penalties,
        "C. com. art. L441-10",
        PENALTIES,
        "pénalités exigibles dès le lendemain de l’échéance, au taux de trois fois l’intérêt légal (art. L441-10 du code de commerce).",
    )
    .noted(Note::Text("PMD")),
    Row::new(Id::PenaltiesOfPrivate, "norme XP Z12-012, BR-FR-05", PENALTIES, PRIVATE).noted(Note::Text("PMD")),
    Row::new(Id::PenaltiesOfCredit, "norme XP Z12-012, BR-FR-05", PENALTIES, CREDIT).noted(Note::Text("PMD")),
    Row::new(
        Id::Fee,
        "C. com. art. D441-5",
        FEE,
        "indemnité forfaitaire de 40\u{a0}€ en cas de retard (art. D441-5 du code de commerce).",
    )
    .noted(Note::Text("PMT"))
    .since(date(2013, 1, 1)),
    Row::new(Id::FeeOfPrivate, "norme XP Z12-012, BR-FR-05", FEE, PRIVATE).noted(Note::Text("PMT")),
    Row::new(Id::FeeOfCredit, "norme XP Z12-012, BR-FR-05", FEE, CREDIT).noted(Note::Text("PMT")),
    Row::new(Id::Franchise, "CGI art. 293 E", words::FRANCHISE, ""),
    Row::new(
        Id::ReverseChargeBuilding,
        "CGI art. 283, 2 nonies; ann. II art. 242 nonies A, I-13°",
        words::REVERSE_CHARGE,
        "TVA due par le preneur, art. 283, 2 nonies du CGI.{}",
    ),
    Row::new(
        Id::ReverseChargeAbroad,
        "CGI art. 259, 1°; directive 2006/112/CE art. 196",
        words::REVERSE_CHARGE,
        "TVA due par le preneur, art. 259, 1° du CGI et art. 196 de la directive 2006/112/CE.{}",
    ),
    Row::new(
        Id::IntraCommunity,
        "CGI art. 262 ter, I",
        "Exonération de TVA, art. 262 ter, I du CGI",
        "livraison intracommunautaire.{}",
    ),
    Row::new(Id::Export, "CGI art. 262, I", "Exonération de TVA, art. 262, I du CGI", "exportation."),
    Row::new(
        Id::OutOfScope,
        "CGI art. 259, 1°",
        "TVA non applicable, art. 259, 1° du CGI",
        "opération située hors de France.",
    ),
    Row::new(Id::Exempt, "CGI art. 261", "Exonération de TVA, art. 261 du CGI", ""),
    Row::new(
        Id::Dwelling,
        "CGI art. 279-0 bis, 3",
        TEN,
        "travaux dans des locaux à usage d’habitation achevés depuis plus de deux ans, selon l’attestation remise par le client (formulaire 1300-SD ou 1301-SD, art. 279-0 bis du CGI).",
    )
    .until(LAST_OF_FORMS),
    Row::new(Id::Dwelling, "CGI art. 279-0 bis; BOI-LETTRE-000280", TEN, dwelling!(".")).since(FORMS_GONE),
    Row::new(
        Id::Energy,
        "CGI art. 278-0 bis A, 3",
        REDUCED,
        "travaux de rénovation énergétique dans des locaux à usage d’habitation achevés depuis plus de deux ans, selon l’attestation remise par le client (formulaire 1300-SD ou 1301-SD, art. 278-0 bis A du CGI).",
    )
    .until(LAST_OF_FORMS),
    Row::new(
        Id::Energy,
        "CGI art. 278-0 bis A; BOI-LETTRE-000280",
        REDUCED,
        dwelling!(" et qu’ils ont la nature de travaux de rénovation énergétique."),
    )
    .since(FORMS_GONE),
    Row::new(
        Id::EnergyToo,
        "CGI art. 278-0 bis A, 3",
        REDUCED,
        "travaux de rénovation énergétique, selon la même attestation (art. 278-0 bis A du CGI).",
    )
    .until(LAST_OF_FORMS),
    Row::new(
        Id::EnergyToo,
        "CGI art. 278-0 bis A; BOI-LETTRE-000280",
        REDUCED,
        "le client certifie en outre que ces travaux ont la nature de travaux de rénovation énergétique.",
    )
    .since(FORMS_GONE),
    Row::new(Id::Deducted, "norme XP Z12-012: BT-115 is before deductions, BT-20 says so", "Règlement", "{}"),
    Row::new(
        Id::Retention,
        "loi 71-584 du 16 juillet 1971, art. 1 and 2",
        words::RETENTION,
        "{}, loi n° 71-584 du 16 juillet 1971.",
    ),
    Row::new(
        Id::Insurance,
        "loi 96-603 art. 22-2",
        "Assurance décennale",
        "{}",
    )
    .since(date(2014, 6, 20)),
];
