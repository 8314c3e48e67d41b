//! `/villages`: villages with their phones; adding a village, inviting a phone.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::village::Village;
use courtyard_core::domain::{DeviceNo, VillageNo};
use courtyard_core::wire::invitation::Invitation;
use maud::{Markup, html};

use crate::app::App;
use crate::log::{DeviceState, LogError, Reads};
use crate::office::OfficeError;
use crate::office::acting::Role;
use crate::office::county;
use crate::office::error::CommandError;
use crate::office::published::published;
use crate::view::ViewError;
use crate::web::layout::{field, form};
use crate::web::{Access, Fields, Frame, Official, Page, PageError, Words, figures};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/villages", Access::Office, get(show).post(add)),
        Page::behind("/villages/{village}/invite", Access::Office, post(invite)),
    ]
}

/// What the page shows.
struct Model {
    villages: BTreeMap<VillageNo, VillageRow>,
    now_ms: i64,
}

/// A village and its phones.
#[derive(Default)]
struct VillageRow {
    name: String,
    phones: Vec<Phone>,
}

/// A phone, and when it last spoke to the server.
struct Phone {
    device: DeviceNo,
    state: DeviceState,
    heard_ms: Option<i64>,
}

/// The villages from the view, their phones from the log.
fn read(published: Vec<Village>, reads: &dyn Reads, now_ms: i64) -> Result<Model, LogError> {
    let row =
        |village: Village| (village.number, VillageRow { name: village.name, phones: Vec::new() });
    let mut villages: BTreeMap<_, _> = published.into_iter().map(row).collect();
    for device in reads.devices()? {
        let certificate = &device.certificate;
        if certificate.role == DeviceRole::Phone
            && let Some(row) = certificate.village.and_then(|v| villages.get_mut(&v))
        {
            let (device, state) = (certificate.device, device.state);
            row.phones.push(Phone { device, state, heard_ms: reads.heard_ms(device)? });
        }
    }
    Ok(Model { villages, now_ms })
}

fn page(model: &Model, official: &Official) -> Markup {
    let w = &official.words;
    let keeps = official.may(Role::KEEPERS);
    html! {
        h1 { (w.say("villages-title")) }
        @if model.villages.is_empty() { p.empty { (w.say("villages-empty")) } }
        div.cards #villages data-live="#villages" {
            @for (number, row) in &model.villages {
                section.card {
                    h2 { (row.name) " " span.muted { (number) } }
                    @if row.phones.is_empty() { p.muted { (w.say("villages-no-phone")) } }
                    ul.plain { @for phone in &row.phones { li { (self::phone(phone, model.now_ms, w)) } } }
                    @if keeps {
                        (form(official, &format!("/villages/{number}/invite"), html! {
                            button.second type="submit" { (w.say("villages-invite")) }
                        }))
                    }
                }
            }
        }
        @if keeps {
            h2 { (w.say("villages-add")) }
            div.narrow {
                (form(official, "/villages", html! {
                    (field("name", &w.say("villages-name"), None, html! { input #name name="name" required maxlength="40"; }))
                    button type="submit" { (w.say("villages-add-go")) }
                }))
            }
        }
    }
}

fn phone(phone: &Phone, now_ms: i64, w: &Words) -> Markup {
    let (class, shape, word) = match phone.state {
        DeviceState::Active => ("good", "●", "villages-active"),
        _ => ("bad", "✕", "villages-revoked"),
    };
    html! {
        span class={ "state " (class) } { (shape) " " (w.say(word)) }
        " " strong.num { (phone.device) } " "
        span.muted { (figures::ago(phone.heard_ms, now_ms, w)) }
    }
}

async fn show(State(app): State<App>, official: Official) -> Result<Response, PageError> {
    let now_ms = app.now_ms();
    let villages = app.readers().read(|store| store.villages().map_err(ViewError::from))?;
    let model = app.read(|reads| Ok(read(villages, reads, now_ms)?))?;
    let title = official.words.say("villages-title");
    Ok(Frame::office(&official, &title).live().show(page(&model, &official)))
}

async fn add(
    State(app): State<App>,
    official: Official,
    fields: Fields,
) -> Result<Response, PageError> {
    // As the field of the form allows.
    let name: String = fields.text("name").chars().filter(|c| !c.is_control()).take(40).collect();
    if name.is_empty() {
        return Ok(Redirect::to("/villages").into_response());
    }
    let add = app.act_as(&official.name, Role::KEEPERS, move |deed| {
        // Sent twice it is still one village.
        if published(deed.reads())?.villages().any(|village| village.name == name) {
            return Ok(());
        }
        let number = deed.office.add_village(deed.tx, &name, None, deed.now_ms)?;
        deed.note("village.add", &number.to_string())
    });
    add.await?;
    Ok(Redirect::to("/villages").into_response())
}

/// The address that an invitation carries. A server that listens everywhere (0.0.0.0) has none of
/// its own: then it is the one by which this page was reached, if a phone can reach that too.
fn reachable(address: &str, asked: Option<&str>) -> Result<String, OfficeError> {
    let everywhere = ["://0.0.0.0", "://[::]"].iter().any(|host| address.contains(host));
    if !everywhere {
        return Ok(address.to_owned());
    }
    let here =
        |host: &&str| !["localhost", "127.", "[::1]"].iter().any(|own| host.starts_with(own));
    match (address.split_once("://"), asked.filter(here)) {
        (Some((scheme, _)), Some(host)) => Ok(format!("{scheme}://{host}")),
        _ => Err(CommandError::said(
            "不知道手机该连哪个地址，没有发出邀请。请用 courtyard serve --public-address https://地址:端口 启动服务器，或从办公室网络里的地址打开本页再试。",
            "It is not known at which address phones reach this server; nobody was invited. Start it \
             with courtyard serve --public-address https://ADDRESS:PORT, or open this page by its \
             address in the office's network.",
        )
        .into()),
    }
}

async fn invite(
    State(app): State<App>,
    official: Official,
    Path(village): Path<u16>,
    headers: HeaderMap,
    _: Fields,
) -> Result<Response, PageError> {
    let village = VillageNo::new(village);
    let Some(reached) = app.reached() else { return Err(PageError::NotFound) };
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let (address, tls_pin) = (reachable(&reached.address, asked)?, reached.tls_pin.clone());
    let made = app.act_as(&official.name, Role::KEEPERS, move |deed| {
        let code = deed.office.invite(deed.tx, village, deed.now_ms, deed.rng.as_mut())?;
        deed.note("device.invite", &village.to_string())?;
        let name = published(deed.reads())?
            .village(village)
            .map_or_else(String::new, |village| village.name.clone());
        Ok::<_, OfficeError>((code, county(deed.reads())?.root, name))
    });
    let (code, root, name) = made.await?;
    let mut pin = [0; 32];
    let tls_pin = tls_pin.filter(|text| hex::decode_to_slice(text, &mut pin).is_ok()).map(|_| pin);
    let invitation = Invitation { address, code: code.to_vec(), tls_pin, root }.to_string();
    let w = &official.words;
    let title = w.say("invite-title");
    let body = html! {
        h1 { (w.say_with("invite-for", &[("village", name.into())])) }
        p { (w.say("invite-how")) }
        div.qr { (figures::qr(&invitation)) }
        label for="text" { (w.say("invite-text")) }
        textarea #text readonly rows="4" { (invitation) }
        p { a.button href="/villages" { (w.say("invite-back")) } }
    };
    Ok(Frame::office(&official, &title).show(body))
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn an_invitation_never_names_an_address_that_leads_a_phone_to_itself() {
        let own = "https://0.0.0.0:8443";
        assert_eq!(reachable(own, Some("192.168.1.10:8443")).unwrap(), "https://192.168.1.10:8443");
        for nowhere in [None, Some("localhost:8443"), Some("127.0.0.1:8443")] {
            assert!(reachable(own, nowhere).is_err());
        }
        assert_eq!(reachable("https://co.op", Some("localhost")).unwrap(), "https://co.op");
    }
}
