//! A movement of the PayPlug account as typed.

use acquit_app::{MovementKind, NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer};
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::Errors;
use super::text::{date, number};
use crate::dto::{FieldError, MovementForm};

/// Reads a movement; fields of other kinds are not looked at.
pub(crate) fn movement(form: &MovementForm, today: Date) -> Result<NewMovement, Vec<FieldError>> {
    let mut errors = Errors::default();
    let kind = MovementKind::from_code(&form.kind).ok_or(Rule::UnknownChoice);
    let kind = errors.take("kind", kind);
    let piece = form.piece.trim().to_owned();
    let piece = errors.take(
        "piece",
        Some(piece).filter(|one| !one.is_empty()).ok_or(Rule::Empty),
    );
    let day = errors.take("date", date(&form.date, today));
    let mut cents = |field: &str, typed: &str| errors.take(field, amount(typed));
    let read = match kind {
        Some(MovementKind::Invoice) => {
            let (net, vat) = (cents("net", &form.net), cents("vat", &form.vat));
            (|| {
                Some(NewMovement::Invoice(NewPayplugInvoice {
                    number: piece?,
                    date: day?,
                    net: net?,
                    vat: vat?,
                }))
            })()
        }
        Some(MovementKind::Fee) => {
            let (amount, vat) = (cents("amount", &form.amount), cents("vat", &form.vat));
            (|| {
                Some(NewMovement::Fee(NewStatementFee {
                    line: piece?,
                    date: day?,
                    amount: amount?,
                    vat: vat?,
                }))
            })()
        }
        Some(MovementKind::Transfer) => {
            let amount = cents("amount", &form.amount);
            (|| {
                Some(NewMovement::Transfer(NewTransfer {
                    reference: piece?,
                    date: day?,
                    amount: amount?,
                }))
            })()
        }
        None => None,
    };
    errors.judge(read)
}

/// The field of the form that a service names otherwise.
pub(crate) fn movement_field<'a>(kind: &str, field: &'a str) -> &'a str {
    match field {
        "number" | "line" | "reference" => "piece",
        "amount" if kind == MovementKind::Invoice.code() => "net",
        other => other,
    }
}

fn amount(typed: &str) -> Result<Cents, Rule> {
    if typed.trim().is_empty() {
        return Err(Rule::Empty);
    }
    Cents::parse(&number(typed))
}

#[cfg(test)]
mod tests {
    use super::{movement, movement_field};
    use crate::dto::MovementForm;
    use acquit_app::{NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer};
    use acquit_domain::Cents;
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 23);

    fn form(kind: &str) -> MovementForm {
        MovementForm {
            kind: kind.to_owned(),
            piece: " FA-1 ".to_owned(),
            date: "02/11/2026".to_owned(),
            net: "1\u{202f}074,38 €".to_owned(),
            vat: "14,88".to_owned(),
            amount: "−18".to_owned(),
        }
    }

    #[test]
    fn a_movement_is_read_as_people_type_it() {
        let (piece, day) = ("FA-1".to_owned(), date(2026, 11, 2));
        let invoice = NewMovement::Invoice(NewPayplugInvoice {
            number: piece.clone(),
            date: day,
            net: Cents::new(107_438),
            vat: Cents::new(1_488),
        });
        assert_eq!(movement(&form("invoice"), TODAY).unwrap(), invoice);
        let fee = NewMovement::Fee(NewStatementFee {
            line: piece.clone(),
            date: day,
            amount: Cents::new(-1_800),
            vat: Cents::new(1_488),
        });
        assert_eq!(movement(&form("fee"), TODAY).unwrap(), fee);
        let transfer = NewMovement::Transfer(NewTransfer {
            reference: piece,
            date: day,
            amount: Cents::new(-1_800),
        });
        assert_eq!(movement(&form("transfer"), TODAY).unwrap(), transfer);
    }

    #[test]
    fn each_field_that_cannot_be_read_is_told_and_no_other() {
        let wrong = |kind: &str| {
            let blank = MovementForm {
                kind: kind.to_owned(),
                piece: " ".to_owned(),
                date: "31/02/2026".to_owned(),
                net: String::new(),
                vat: "1,234".to_owned(),
                amount: "dix".to_owned(),
            };
            let errors = movement(&blank, TODAY).unwrap_err().into_iter();
            errors.map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong("gift"), ["kind", "piece", "date"]);
        assert_eq!(wrong("invoice"), ["piece", "date", "net", "vat"]);
        assert_eq!(wrong("fee"), ["piece", "date", "amount", "vat"]);
        assert_eq!(wrong("transfer"), ["piece", "date", "amount"]);
    }

    #[test]
    fn a_service_names_fields_of_the_form() {
        assert_eq!(movement_field("fee", "line"), "piece");
        assert_eq!(movement_field("invoice", "amount"), "net");
        assert_eq!(movement_field("fee", "amount"), "amount");
        assert_eq!(movement_field("fee", "date"), "date");
    }
}
