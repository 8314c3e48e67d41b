//! A statement as a page of 80 columns, to be printed and signed.

use courtyard_core::domain::Fen;
use courtyard_core::domain::slip::PriceReason;
use courtyard_core::domain::units::text::Language;
use courtyard_core::ledger::{DebtKind, StatedLine, StatedSlip, Statement};
use unicode_width::UnicodeWidthStr as _;

use super::{Whose, kind, payable_change};

/// Columns of the page.
const WIDTH: usize = 80;

/// A page that grows.
pub(super) struct Page<'w> {
    whose: &'w Whose,
    text: String,
}

impl<'w> Page<'w> {
    /// A page with its head.
    pub(super) fn new(whose: &'w Whose, period: &str) -> Page<'w> {
        let mut page = Page { whose, text: String::new() };
        page.centred(&format!("对 账 单  Statement  {period}"));
        let (name, village) =
            (whose.names.grower(whose.grower), whose.names.village(whose.statements.village));
        page.line(&format!("农户 {} {name}", whose.grower), &village);
        page.rule();
        page
    }

    /// The month in full.
    pub(super) fn statement(mut self, statement: &Statement, root: Option<&[u8; 32]>) -> String {
        if statement.is_empty() {
            self.line("本月没有收购，也没有未结款项。Nothing this month, and nothing open.", "");
        }
        for slip in &statement.slips {
            self.slip(slip);
        }
        let others = statement.rows.iter().filter(|row| row.kind_name() != "slip");
        for row in others {
            let change = payable_change(row).unwrap_or_default();
            let late = if row.is_late() { "（跨月补记 late）" } else { "" };
            self.line(&format!("{}  {}  {}{late}", row.date, row.id, kind(row)), &signed(change));
        }
        self.rule();
        for sum in &statement.sums {
            self.line(&format!("核算主体 entity {}", sum.entity), "");
            for (words, amount) in [
                ("本期收购 bought", sum.bought),
                ("更正 corrected", sum.corrected),
                ("本期已付 paid", sum.paid),
                ("本期扣还（抵销） kept back for debts", sum.repaid),
                ("未付合计 still owed to the grower", sum.unpaid),
                ("待定价暂估 at an estimate", sum.estimated),
            ] {
                let always = words.starts_with("本期收购") || words.starts_with("未付");
                if always || amount != Fen::ZERO {
                    self.line(&format!("  {words}"), &amount.text());
                }
            }
        }
        for debt in &statement.debts {
            let (_, words) = debt_words(debt.kind);
            self.line(
                &format!(
                    "欠款 debt {} {words} {}，{} 到期 due",
                    debt.id,
                    debt.amount.text(),
                    debt.due
                ),
                &format!("尚欠 left {}", debt.left.text()),
            );
        }
        if let Some(root) = root {
            self.rule();
            self.line(
                "已结账 closed. 本村当月全部对账单的根 root of all statements of the month:",
                "",
            );
            self.line(&format!("  {}", hex::encode(root)), "");
        }
        self.signatures()
    }

    /// A slip: a line for its number, then its lines with weights, deductions and prices.
    fn slip(&mut self, slip: &StatedSlip) {
        let late = if slip.late { "（跨月补记 late）" } else { "" };
        self.line(&format!("{}  {}{late}", slip.date, slip.id), &slip.amount.text());
        for line in &slip.lines {
            let product = self.whose.products.name(line.product);
            self.line(&format!("  {product} {}", line.grade), &line.amount.text());
            let weight = format!("    毛重 gross {}  净重 net {}", line.gross.kg(), line.net.kg());
            self.line(&weight, "");
            for deduction in &line.deductions {
                let taken = deduction.grams_of(line.net).unwrap_or_default();
                let reason = if deduction.reason.is_empty() { "扣重" } else { &deduction.reason };
                let how = deduction.amount.text(Language::Zh);
                self.line(&format!("    扣 deducted {reason} {how} = {}", taken.kg()), "");
            }
            let settled = line.settlement.text(Language::Zh);
            self.line(&format!("    结算 settled {settled}  {}", prices(line)), "");
        }
    }

    /// Words left, a sum right; words that are too long go on below.
    fn line(&mut self, left: &str, right: &str) {
        let room =
            WIDTH.saturating_sub(right.width()).saturating_sub(usize::from(!right.is_empty()));
        let mut rows = wrap(left, room);
        let last = rows.pop().unwrap_or_default();
        for row in rows {
            self.text.push_str(row.trim_end());
            self.text.push('\n');
        }
        let blank = " ".repeat(WIDTH.saturating_sub(last.width()).saturating_sub(right.width()));
        self.text.push_str(format!("{last}{blank}{right}").trim_end());
        self.text.push('\n');
    }

    fn centred(&mut self, words: &str) {
        let blank = " ".repeat(WIDTH.saturating_sub(words.width()) / 2);
        self.text.push_str(&format!("{blank}{words}\n"));
    }

    fn rule(&mut self) {
        self.text.push_str(&"-".repeat(WIDTH));
        self.text.push('\n');
    }

    /// More text as it is.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The end of every page.
    pub(super) fn signatures(mut self) -> String {
        self.rule();
        self.line(
            "对以上有异议请告知收购员或县社。Tell the steward or the office of any objection.",
            "",
        );
        self.line(
            "农户签字 grower ____________    经办 office ____________    日期 date ________",
            "",
        );
        self.text
    }
}

/// An amount with its sign.
fn signed(amount: Fen) -> String {
    if amount > Fen::ZERO { format!("+{}", amount.text()) } else { amount.text() }
}

/// Cuts words into rows of at most this width.
fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut letter = [0; 4];
    for c in words.chars() {
        let wide = c.encode_utf8(&mut letter).width();
        let full = rows.last().is_some_and(|row| row.width().saturating_add(wide) > width);
        if full {
            rows.push("      ".to_owned());
        }
        if let Some(row) = rows.last_mut() {
            row.push(c);
        }
    }
    rows
}

/// What was taken off a line, and why.
pub(super) fn deductions(line: &StatedLine) -> String {
    let words = line.deductions.iter().map(|deduction| {
        let taken = deduction.grams_of(line.net).unwrap_or_default();
        format!("{} {} = {}", deduction.reason, deduction.amount.text(Language::Zh), taken.kg())
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The price of a line, or of each of its segments.
pub(super) fn prices(line: &StatedLine) -> String {
    let one = line.segments.len() == 1;
    let words = line.segments.iter().map(|segment| {
        let price = segment.price.text(Language::Zh);
        let why = match segment.reason {
            PriceReason::Pending => return "待定价 pending".to_owned(),
            PriceReason::Floor => " 保底",
            PriceReason::Excess => " 超出合同",
            PriceReason::List | PriceReason::Stated => "",
        };
        if one {
            format!("{price}{why}")
        } else {
            format!("{} × {price}{why}", segment.weight.kg())
        }
    });
    words.collect::<Vec<_>>().join(" + ")
}

/// A kind of debt: its code and its words.
pub(super) const fn debt_words(kind: DebtKind) -> (&'static str, &'static str) {
    match kind {
        DebtKind::Prepayment => ("prepayment", "预付货款"),
        DebtKind::InputCredit => ("input_credit", "农资赊销"),
        DebtKind::Deposit => ("deposit", "定金"),
        DebtKind::Refund => ("refund_due", "应收退款"),
    }
}
