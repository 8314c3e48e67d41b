//! What one slip's QR proves, from its text and the district's root key alone.

use courtyard_core::document::PublicKey;
use courtyard_core::domain::slip::Line;
use courtyard_core::domain::units::text::Language;
use courtyard_core::domain::{Body, Fen, Grams};
use courtyard_core::wire::{ProofFault, SlipProof, VerifiedSlip};
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::table::{Column, Table, cells};

/// What is proved. Nobody's name is in it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Proved {
    sound: bool,
    entry: String,
    hash: String,
    kind: &'static str,
    phone: String,
    village: Option<u16>,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grower: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_fen: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<ProvedLine>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ProvedLine {
    product: u32,
    grade: String,
    net_g: i64,
    settlement_g: i64,
    prices_li_per_kg: Vec<i64>,
    amount_fen: i64,
    #[serde(skip)]
    prices: String,
}

/// Says what the text proves.
///
/// # Errors
/// [`Failure`] with exit code 1 if it proves nothing.
pub(super) fn run(text: &str, root: &PublicKey, json: bool) -> Result<(), Failure> {
    let verified = text.parse::<SlipProof>().and_then(|proof| proof.verify(root));
    let verified = verified.map_err(failure)?;
    say(json, &proved(&verified), in_words)
}

/// Why a proof is not believed, in words.
pub(crate) fn failure(fault: ProofFault) -> Failure {
    let words = fault.words();
    Failure::words(words.zh, &format!("{} ({})", words.en, fault.code()))
}

fn proved(verified: &VerifiedSlip) -> Proved {
    let entry = &verified.entry;
    let (amount_fen, lines) = match &entry.body {
        Body::Slip(slip) => {
            (slip.amount().ok().map(|fen| fen.get()), slip.lines.iter().map(line).collect())
        }
        _ => (None, Vec::new()),
    };
    Proved {
        sound: true,
        entry: verified.id.to_string(),
        hash: verified.hash.to_string(),
        kind: entry.body.kind().map_or("newer", |kind| kind.name()),
        phone: verified.id.device.to_string(),
        village: verified.certificate.village.map(|village| village.get()),
        date: entry.envelope.date.to_string(),
        grower: entry.body.grower().map(|grower| grower.to_string()),
        amount_fen,
        lines,
    }
}

fn line(line: &Line) -> ProvedLine {
    let (net, settlement) = (line.net().unwrap_or_default(), line.settlement().unwrap_or_default());
    let prices: Vec<String> = line.segments.iter().map(|s| s.price.text(Language::Zh)).collect();
    ProvedLine {
        product: line.product.get(),
        grade: line.grade.to_string(),
        net_g: net.get(),
        settlement_g: settlement.get(),
        prices_li_per_kg: line.segments.iter().map(|segment| segment.price.get()).collect(),
        amount_fen: line.amount.get(),
        prices: prices.join(" "),
    }
}

fn in_words(proved: &Proved) -> String {
    let village = proved.village.map_or_else(String::new, |village| format!("（{village} 号村）"));
    let mut text = format!(
        "签名有效：{} 由手机 {}{village}于 {} 记下。\nSound: {} was written by phone {} on {}.\n",
        proved.entry, proved.phone, proved.date, proved.entry, proved.phone, proved.date
    );
    if let Some(grower) = &proved.grower {
        text.push_str(&format!("农户 grower {grower}\n"));
    }
    if !proved.lines.is_empty() {
        let mut table = Table::new(
            "lines",
            [
                Column::number("product", "品名编号 product"),
                Column::text("grade", "等级 grade"),
                Column::grams("net", "净重 net"),
                Column::grams("settlement", "结算重量 settlement"),
                Column::text("price", "价格 price"),
                Column::fen("amount", "金额 amount").summed(),
            ],
        );
        for line in &proved.lines {
            table.row(cells![
                line.product,
                line.grade.clone(),
                Grams::new(line.net_g),
                Grams::new(line.settlement_g),
                line.prices.clone(),
                Fen::new(line.amount_fen),
            ]);
        }
        text.push_str(&table.text().unwrap_or_default());
    }
    text
}
