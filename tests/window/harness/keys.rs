//! Keys as people name them: `Tab`, `Ctrl+Enter`, `Shift+Tab`, `a`.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

/// The strokes of one chord: down in the order given, up in the opposite order.
pub(super) fn chord(text: &str) -> KeyActions {
    let keys: Vec<char> = parts(text).into_iter().map(key).collect();
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in &keys {
        actions = actions.then(KeyAction::Down { value: *value });
    }
    for value in keys.iter().rev() {
        actions = actions.then(KeyAction::Up { value: *value });
    }
    actions
}

/// The keys of a chord; `+` itself may be the last of them.
fn parts(text: &str) -> Vec<&str> {
    match text.strip_suffix('+') {
        Some("") => vec!["+"],
        Some(before) => before
            .split('+')
            .filter(|key| !key.is_empty())
            .chain(["+"])
            .collect(),
        None => text.split('+').collect(),
    }
}

fn key(name: &str) -> char {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter;
    }
    let named = match name {
        "Ctrl" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Enter" => Key::Enter,
        "Tab" => Key::Tab,
        "Escape" => Key::Escape,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "F1" => Key::F1,
        "F2" => Key::F2,
        "F5" => Key::F5,
        _ => panic!("no key is called {name:?}"),
    };
    named.into()
}

#[test]
fn a_chord_is_read_as_people_write_it() {
    assert_eq!(parts("Tab"), ["Tab"]);
    assert_eq!(parts("Ctrl+Shift+k"), ["Ctrl", "Shift", "k"]);
    assert_eq!(parts("Ctrl++"), ["Ctrl", "+"]);
    assert_eq!(parts("+"), ["+"]);
    assert_eq!(key("é"), 'é');
    assert_eq!(key("Enter"), '\u{e007}');
}
