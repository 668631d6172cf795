//! The documented test cards (reference § 11).

use jiff::civil;

/// What happens when the card is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Pays,
    Declined,
    Asks3ds,
}

/// A card that the simulator knows.
#[derive(Debug)]
pub(crate) struct TestCard {
    /// Digits only.
    pub(crate) number: &'static str,
    /// Grouped as on a card.
    pub(crate) shown: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) behaviour: Behaviour,
}

/// The documented cards.
pub(crate) static CARDS: [TestCard; 4] = [
    TestCard {
        number: "4242424242424242",
        shown: "4242 4242 4242 4242",
        brand: "Visa",
        behaviour: Behaviour::Pays,
    },
    TestCard {
        number: "5017670000001800",
        shown: "5017 6700 0000 1800",
        brand: "Mastercard",
        behaviour: Behaviour::Pays,
    },
    TestCard {
        number: "4000000000000051",
        shown: "4000 0000 0000 0051",
        brand: "Visa",
        behaviour: Behaviour::Declined,
    },
    TestCard {
        number: "378700810990001",
        shown: "3787 0081 0990 001",
        brand: "American Express",
        behaviour: Behaviour::Asks3ds,
    },
];

/// A card's expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expiry {
    pub(crate) month: i8,
    pub(crate) year: i16,
}

/// A test card with the expiry that the payer typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsedCard {
    pub(crate) card: &'static TestCard,
    pub(crate) expiry: Expiry,
}

impl TestCard {
    /// The test card with this number; spaces and hyphens are allowed between digits.
    pub(crate) fn find(typed: &str) -> Option<&'static TestCard> {
        let digits = digits_of(typed)?;
        CARDS.iter().find(|card| card.number == digits)
    }

    /// The four digits that the API shows.
    pub(crate) fn last4(&self) -> &'static str {
        self.number
            .get(self.number.len().saturating_sub(4)..)
            .unwrap_or(self.number)
    }
}

/// The digits of a typed card number; `None` if anything else than digits, spaces and hyphens is
/// there.
pub(crate) fn digits_of(typed: &str) -> Option<String> {
    let kept: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-' && *c != '\u{202f}')
        .collect();
    (!kept.is_empty() && kept.chars().all(|c| c.is_ascii_digit())).then_some(kept)
}

/// Whether the last digit of the number is the one that Luhn's sum asks for.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

impl Expiry {
    /// Reads `04/31`, `04 / 2031` or `0431`.
    pub(crate) fn parse(typed: &str) -> Option<Expiry> {
        let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let (month, year) = match compact.split_once(['/', '-', '.']) {
            Some(parts) => parts,
            None => compact.split_at_checked(2)?,
        };
        if !(month.bytes().chain(year.bytes())).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let month = month
            .parse()
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        let year: i16 = match year.len() {
            2 => 2000 + year.parse::<i16>().ok()?,
            4 => year.parse().ok()?,
            _ => return None,
        };
        Some(Expiry { month, year })
    }

    /// A card is good to the end of its month.
    pub(crate) fn is_past(self, today: civil::Date) -> bool {
        (self.year, self.month) < (today.year(), today.month())
    }

    /// April in five years' time: what a card used through the control route bears.
    pub(crate) fn usual(today: civil::Date) -> Expiry {
        Expiry {
            month: 4,
            year: today.year().saturating_add(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_found_with_and_without_spaces() {
        assert_eq!(TestCard::find("4242424242424242").unwrap().brand, "Visa");
        assert_eq!(
            TestCard::find("5017 6700 0000 1800").unwrap().brand,
            "Mastercard"
        );
        assert_eq!(
            TestCard::find("3787-0081-0990-001").unwrap().behaviour,
            Behaviour::Asks3ds
        );
        assert!(TestCard::find("4111 1111 1111 1111").is_none());
        assert!(TestCard::find("4242 4242 4242 424x").is_none());
        assert_eq!(TestCard::find("4000000000000051").unwrap().last4(), "0051");
    }

    #[test]
    fn luhn_tells_a_mistyped_number() {
        assert!(luhn("4111111111111111"));
        assert!(!luhn("4111111111111112"));
    }

    #[test]
    fn expiries_are_read_in_the_usual_forms_only() {
        let april = Some(Expiry {
            month: 4,
            year: 2031,
        });
        for typed in ["04/31", "04 / 31", "0431", "04/2031", "4/31"] {
            assert_eq!(Expiry::parse(typed), april, "{typed}");
        }
        for typed in [
            "", "13/31", "00/31", "04", "04/3", "aa/31", "04/+1", "é4/31", "04/31/02",
        ] {
            assert_eq!(Expiry::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let expiry = Expiry {
            month: 11,
            year: 2026,
        };
        assert!(!expiry.is_past(civil::date(2026, 11, 30)));
        assert!(expiry.is_past(civil::date(2026, 12, 1)));
    }
}
