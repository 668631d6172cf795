//! French units as codes (BT-130, UN/ECE Recommendations 20 and 21).

/// Code and the words for it, lower case without a final point.
const UNITS: &[(&str, &[&str])] = &[
    ("C62", &["u", "un", "unité", "unités", "unite", "unites"]),
    (
        "H87",
        &["pièce", "pièces", "piece", "pieces", "pce", "pces", "pc"],
    ),
    ("LS", &["forfait", "forfaits", "ft", "ff", "fft", "forf"]),
    ("SET", &["ens", "ensemble", "ensembles", "jeu", "jeux"]),
    (
        "MTR",
        &[
            "m",
            "ml",
            "mètre",
            "mètres",
            "metre",
            "metres",
            "mètre linéaire",
        ],
    ),
    ("MTK", &["m2", "m²", "mètre carré", "mètres carrés"]),
    ("MTQ", &["m3", "m³", "mètre cube", "mètres cubes"]),
    ("CMT", &["cm"]),
    ("MMT", &["mm"]),
    ("KMT", &["km", "kilomètre", "kilomètres"]),
    ("HUR", &["h", "heure", "heures", "hr", "hrs"]),
    ("MIN", &["min", "minute", "minutes"]),
    ("DAY", &["j", "jr", "jrs", "jour", "jours"]),
    ("WEE", &["sem", "semaine", "semaines"]),
    ("MON", &["mois"]),
    ("ANN", &["an", "ans", "année", "années"]),
    ("GRM", &["g", "gramme", "grammes"]),
    ("KGM", &["kg", "kilo", "kilos", "kilogramme", "kilogrammes"]),
    ("TNE", &["t", "tonne", "tonnes"]),
    ("LTR", &["l", "litre", "litres"]),
    ("KWT", &["kw"]),
    ("KWH", &["kwh"]),
    ("PR", &["paire", "paires"]),
    ("P1", &["%"]),
    ("XRO", &["rouleau", "rouleaux", "rlx"]),
    ("XSA", &["sac", "sacs"]),
    ("XBX", &["boîte", "boîtes", "boite", "boites"]),
    ("XPX", &["palette", "palettes", "pal"]),
];

/// What stands for no unit, and for one that has no code: one.
pub(super) const ONE: &str = "C62";

/// The code of a unit as printed; none where it is not known.
pub(super) fn code(printed: &str) -> Option<&'static str> {
    let word = printed.trim().to_lowercase();
    let word = word.strip_suffix('.').unwrap_or(&word);
    let mut units = UNITS.iter();
    units
        .find(|(_, words)| words.contains(&word))
        .map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::{UNITS, code};

    #[test]
    fn the_units_of_a_builder_have_codes() {
        for (printed, expected) in [
            ("m2", "MTK"),
            ("M²", "MTK"),
            ("ml", "MTR"),
            ("Ens.", "SET"),
            (" forfait ", "LS"),
            ("Pièce", "H87"),
            ("u", "C62"),
            ("T", "TNE"),
        ] {
            assert_eq!(code(printed), Some(expected), "{printed}");
        }
        assert_eq!(code("botte"), None);
    }

    #[test]
    fn no_word_means_two_units() {
        let mut words: Vec<&str> = UNITS
            .iter()
            .flat_map(|(_, words)| *words)
            .copied()
            .collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
