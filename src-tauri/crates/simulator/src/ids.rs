//! Seeded ids: the same seed gives the same ids in the same order.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What follows the prefix in every id of the reference's samples (§ 1).
const LENGTH: usize = 22;

/// One stream of randomness for each kind of thing, so that a refund more or less does not change
/// the id of the next payment.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    payments: ChaCha12Rng,
    refunds: ChaCha12Rng,
    reports: ChaCha12Rng,
    movements: ChaCha12Rng,
    tokens: ChaCha12Rng,
    company: String,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Ids {
        let company = stream(seed, 0)
            .random_range(100_000..1_000_000_u32)
            .to_string();
        Ids {
            payments: stream(seed, 1),
            refunds: stream(seed, 2),
            reports: stream(seed, 3),
            movements: stream(seed, 4),
            tokens: stream(seed, 5),
            company,
        }
    }

    pub(crate) fn payment(&mut self) -> String {
        format!("pay_{}", draw(&mut self.payments))
    }

    pub(crate) fn refund(&mut self) -> String {
        format!("re_{}", draw(&mut self.refunds))
    }

    pub(crate) fn report(&mut self) -> String {
        format!("ar_{}", draw(&mut self.reports))
    }

    pub(crate) fn movement(&mut self) -> String {
        format!("mv_{}", draw(&mut self.movements))
    }

    /// What a page or a file cannot be opened without.
    pub(crate) fn token(&mut self) -> String {
        draw(&mut self.tokens)
    }

    /// The company id of `GET /v1/account`.
    pub(crate) fn company(&self) -> &str {
        &self.company
    }
}

fn stream(seed: u64, number: u64) -> ChaCha12Rng {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    random.set_stream(number);
    random
}

fn draw(random: &mut ChaCha12Rng) -> String {
    (0..LENGTH)
        .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_another_seed_others() {
        let (mut one, mut same, mut other) = (Ids::new(7), Ids::new(7), Ids::new(8));
        let first = one.payment();
        assert_eq!(first, same.payment());
        assert_ne!(first, other.payment());
        assert_eq!(one.company(), same.company());
    }

    #[test]
    fn an_id_is_its_prefix_and_22_base_62_characters() {
        let id = Ids::new(1).payment();
        let tail = id.strip_prefix("pay_").unwrap();
        assert_eq!(tail.len(), 22);
        assert!(tail.chars().all(|c| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn refunds_and_tokens_do_not_change_the_next_payment() {
        let (mut plain, mut busy) = (Ids::new(3), Ids::new(3));
        busy.refund();
        busy.token();
        assert_eq!(plain.payment(), busy.payment());
    }
}
