//! Where two files differ first, for people to read.

use serde_json::Value;

/// The first place where `found` is not what was expected, with both sides; none where they are the same.
pub(crate) fn first_difference(expected: &Value, found: &Value) -> Option<String> {
    different(String::new(), expected, found)
}

fn different(path: String, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort();
            names.dedup();
            names.into_iter().find_map(|name| {
                let side = |of: &serde_json::Map<String, Value>| of.get(name).cloned();
                sides(format!("{path}.{name}"), side(one), side(other))
            })
        }
        (Value::Array(one), Value::Array(other)) => {
            let places = 0..one.len().max(other.len());
            places.into_iter().find_map(|place| {
                let side = |of: &[Value]| of.get(place).cloned();
                // A row says more than the one field of it that differs.
                let path = format!("{path}[{place}]");
                sides(path.clone(), side(one), side(other)).map(|inner| {
                    let rows = (one.get(place), other.get(place));
                    match rows {
                        (Some(expected @ Value::Object(_)), Some(found)) => {
                            format!("{inner}\n  in {path}:\n    expected {expected}\n    found    {found}")
                        }
                        _ => inner,
                    }
                })
            })
        }
        _ if expected == found => None,
        _ => Some(format!("{path}: expected {expected}, found {found}")),
    }
}

fn sides(path: String, expected: Option<Value>, found: Option<Value>) -> Option<String> {
    match (expected, found) {
        (Some(expected), Some(found)) => different(path, &expected, &found),
        (Some(expected), None) => Some(format!("{path}: expected {expected}, found nothing")),
        (None, Some(found)) => Some(format!("{path}: expected nothing, found {found}")),
        (None, None) => None,
    }
}

#[test]
fn the_first_difference_is_told_with_both_sides() {
    let expected = serde_json::json!({ "a": [1, { "b": "2.00" }], "c": null });
    assert_eq!(first_difference(&expected, &expected), None);
    let mut found = expected.clone();
    found["a"][1]["b"] = "2.01".into();
    let told = first_difference(&expected, &found).unwrap();
    assert!(
        told.starts_with(".a[1].b: expected \"2.00\", found \"2.01\""),
        "{told}"
    );
    let told = first_difference(&expected, &serde_json::json!({ "a": [1] })).unwrap();
    assert_eq!(told, ".a[1]: expected {\"b\":\"2.00\"}, found nothing");
}
