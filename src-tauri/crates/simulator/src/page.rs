//! The payment page: a person in a browser pays, is refused, or leaves. Plain forms, no script.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;

use crate::calendar::utc;
use crate::card::{Behaviour, Expiry, TestCard, UsedCard, digits_of, luhn};
use crate::error::Error;
use crate::failure::{self, Failure};
use crate::html::{self, FieldErrors, Typed};
use crate::model::{Mode, Outcome, Payment};
use crate::shared::Shared;
use crate::state;
use crate::wire::payment_url;

/// Nothing but our own style sheet is loaded, and forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The palette of the window and the look of the page.
const STYLE: &str = concat!(
    include_str!("../../../../ui/src/theme/tokens.css"),
    include_str!("page.css")
);

#[derive(Debug, Deserialize)]
pub(crate) struct Opened {
    t: Option<String>,
}

/// What a form of the page sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sent {
    action: String,
    card_number: String,
    card_expiry: String,
    card_code: String,
    card_name: String,
    refuse_code: String,
    refuse_final: Option<String>,
}

type SentForm = Result<Form<Sent>, FormRejection>;

/// `GET /assets/page.css`
pub(crate) async fn style() -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        STYLE,
    )
}

/// `GET /pay/{tail}`
pub(crate) async fn show_live(
    State(shared): State<Shared>,
    Path(tail): Path<String>,
    Query(opened): Query<Opened>,
) -> Response {
    show(&shared, Mode::Live, &tail, &opened)
}

/// `GET /pay/test/{tail}`
pub(crate) async fn show_test(
    State(shared): State<Shared>,
    Path(tail): Path<String>,
    Query(opened): Query<Opened>,
) -> Response {
    show(&shared, Mode::Test, &tail, &opened)
}

/// `POST /pay/{tail}`
pub(crate) async fn act_live(
    State(shared): State<Shared>,
    Path(tail): Path<String>,
    Query(opened): Query<Opened>,
    sent: SentForm,
) -> Response {
    act(&shared, Mode::Live, &tail, &opened, sent)
}

/// `POST /pay/test/{tail}`
pub(crate) async fn act_test(
    State(shared): State<Shared>,
    Path(tail): Path<String>,
    Query(opened): Query<Opened>,
    sent: SentForm,
) -> Response {
    act(&shared, Mode::Test, &tail, &opened, sent)
}

fn show(shared: &Shared, mode: Mode, tail: &str, opened: &Opened) -> Response {
    let state = shared.lock();
    match find(&state, mode, tail, opened) {
        Some(payment) => answer(StatusCode::OK, current(&state, payment)),
        None => answer(StatusCode::NOT_FOUND, html::not_found()),
    }
}

/// The payment whose page it is, if the token is its own.
fn find<'s>(
    state: &'s state::State,
    mode: Mode,
    tail: &str,
    opened: &Opened,
) -> Option<&'s Payment> {
    let payment = state.payment(mode, &format!("pay_{tail}")).ok()?;
    (opened.t.as_deref() == Some(payment.token.as_str())).then_some(payment)
}

/// The page as the payment stands now.
fn current(state: &state::State, payment: &Payment) -> String {
    let who = html::Who::of(payment, &state.options);
    match (payment.outcome, payment.in_3ds) {
        (Outcome::Paid { card, .. }, _) => html::paid(&who, payment, card.card),
        (Outcome::Failed(failure), _) => html::failed(&who, payment, failure),
        (Outcome::Pending, Some(card)) => html::three_d_secure(&who, card.card),
        (Outcome::Pending, None) => {
            let refused = payment.attempts.last().map(|attempt| attempt.failure);
            html::form(&who, refused, &Typed::default(), &FieldErrors::default())
        }
    }
}

fn act(shared: &Shared, mode: Mode, tail: &str, opened: &Opened, sent: SentForm) -> Response {
    let mut state = shared.lock();
    let Some(payment) = find(&state, mode, tail, opened) else {
        return answer(StatusCode::NOT_FOUND, html::not_found());
    };
    let (id, address) = (payment.id.clone(), payment_url(shared.base_url(), payment));
    let Ok(Form(sent)) = sent else {
        return answer(StatusCode::BAD_REQUEST, current(&state, payment));
    };
    let done = match sent.action.as_str() {
        "pay" => {
            let today = utc(state.now()).date();
            match read_card(&sent, today) {
                Ok(card) => use_card(&mut state, &id, card),
                Err(errors) => return form_again(&state, &id, sent, &errors),
            }
        }
        "refuse" => {
            let failure = Failure::find(&sent.refuse_code).unwrap_or(&failure::CARD_DECLINED);
            state.refuse(&id, failure, sent.refuse_final.is_some())
        }
        "confirm" => match state.any_payment(&id).map(|payment| payment.in_3ds) {
            Ok(Some(card)) => state.pay(&id, card),
            _ => Ok(()),
        },
        "decline" => state.refuse(&id, &failure::DECLINED_3DS, false),
        "leave" => state.leave(&id),
        _ => Ok(()),
    };
    match (done, state.any_payment(&id)) {
        // The answer to a sent form is another address, so that reloading sends nothing twice.
        (Ok(()), _) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
        (Err(_), Ok(payment)) => answer(StatusCode::CONFLICT, current(&state, payment)),
        (Err(_), Err(_)) => answer(StatusCode::NOT_FOUND, html::not_found()),
    }
}

fn use_card(state: &mut state::State, id: &str, card: UsedCard) -> Result<(), Error> {
    if card.card.behaviour == Behaviour::Declined {
        return state.refuse(id, &failure::CARD_DECLINED, true);
    }
    let payment = state.any_payment(id)?;
    if card.card.behaviour == Behaviour::Asks3ds || payment.asked.force_3ds {
        return state.start_3ds(id, card);
    }
    state.pay(id, card)
}

fn form_again(state: &state::State, id: &str, sent: Sent, errors: &FieldErrors) -> Response {
    let Ok(payment) = state.any_payment(id) else {
        return answer(StatusCode::NOT_FOUND, html::not_found());
    };
    if !matches!(payment.outcome, Outcome::Pending) {
        return answer(StatusCode::CONFLICT, current(state, payment));
    }
    let who = html::Who::of(payment, &state.options);
    // The security code is not sent back: no real page does.
    let typed = Typed {
        number: sent.card_number,
        expiry: sent.card_expiry,
        name: sent.card_name,
    };
    answer(
        StatusCode::UNPROCESSABLE_ENTITY,
        html::form(&who, None, &typed, errors),
    )
}

fn read_card(sent: &Sent, today: Date) -> Result<UsedCard, FieldErrors> {
    let card = find_card(&sent.card_number);
    let expiry = match Expiry::parse(&sent.card_expiry) {
        None if sent.card_expiry.trim().is_empty() => Err("Indiquez la date d’expiration."),
        None => Err("Écrivez le mois et l’année, par exemple 04\u{a0}/\u{a0}31."),
        Some(expiry) if expiry.is_past(today) => Err("Cette carte est expirée."),
        Some(expiry) => Ok(expiry),
    };
    let code = sent.card_code.trim();
    let is_code = (3..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let code = if is_code {
        Ok(())
    } else {
        Err("Indiquez les 3\u{a0}chiffres au dos (4 pour American Express).")
    };
    match (card, expiry, code) {
        (Ok(card), Ok(expiry), Ok(())) => Ok(UsedCard { card, expiry }),
        (card, expiry, code) => Err(FieldErrors {
            number: card.err(),
            expiry: expiry.err(),
            code: code.err(),
        }),
    }
}

fn find_card(typed: &str) -> Result<&'static TestCard, &'static str> {
    if typed.trim().is_empty() {
        return Err("Indiquez le numéro de la carte.");
    }
    match digits_of(typed) {
        Some(digits) if (12..=19).contains(&digits.len()) && luhn(&digits) => TestCard::find(
            &digits,
        )
        .ok_or("Cette page n’accepte que les cartes d’essai. N’y tapez jamais une vraie carte."),
        _ => Err("Ce numéro de carte n’est pas valable. Vérifiez les chiffres."),
    }
}

fn answer(status: StatusCode, page: String) -> Response {
    let headers: [(HeaderName, &str); 6] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        // The address holds the page's token.
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    (status, headers, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(number: &str, expiry: &str, code: &str) -> Result<UsedCard, FieldErrors> {
        let sent = Sent {
            card_number: number.to_owned(),
            card_expiry: expiry.to_owned(),
            card_code: code.to_owned(),
            ..Sent::default()
        };
        read_card(&sent, jiff::civil::date(2026, 11, 22))
    }

    #[test]
    fn a_test_card_with_a_date_to_come_and_any_code_is_read() {
        let used = typed("4242 4242 4242 4242", "04 / 31", "123").unwrap();
        assert_eq!((used.card.brand, used.expiry.year), ("Visa", 2031));
    }

    #[test]
    fn each_field_at_fault_is_named() {
        let errors = typed("", "", "").unwrap_err();
        assert!(errors.number.is_some() && errors.expiry.is_some() && errors.code.is_some());
        let errors = typed("4242424242424242", "10/26", "123").unwrap_err();
        assert_eq!(errors.expiry, Some("Cette carte est expirée."));
        assert!(errors.number.is_none() && errors.code.is_none());
        assert!(
            typed("4242424242424242", "04/31", "12a")
                .unwrap_err()
                .code
                .is_some()
        );
    }

    #[test]
    fn a_mistyped_card_and_a_real_one_are_told_apart() {
        let mistyped = typed("4242424242424241", "04/31", "123")
            .unwrap_err()
            .number
            .unwrap();
        let real = typed("4111111111111111", "04/31", "123")
            .unwrap_err()
            .number
            .unwrap();
        assert!(mistyped.contains("Vérifiez"));
        assert!(real.contains("cartes d’essai"));
    }
}
