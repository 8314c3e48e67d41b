//! The rules that many kinds share, and those of corrections, decisions and closes.

use super::Rule;

rules! {
    /// What many kinds share; corrections, decisions and closes.
    BOOKKEEPING {
    // Any entry.

    REASON_EMPTY = "entry.reason_empty",
        "请写明原因，再保存。",
        "Write the reason before it can be saved.";
    REASON_TOO_LONG = "entry.reason_too_long",
        "原因太长，请写在五百字以内。",
        "The reason is too long. Use five hundred characters at most.";
    AMOUNT_NOT_POSITIVE = "entry.amount_not_positive",
        "金额要大于零，请改正金额。",
        "The amount must be above zero. Correct it.";
    AMOUNT_TOO_LARGE = "entry.amount_too_large",
        "金额太大，请核对是不是多打了零。",
        "The amount is too large. Check it for a zero too many.";
    ENTRY_AFTER_REVOCATION = "entry.after_revocation",
        "这部手机已经停用，这一笔留存待核，由县社认可或不认可。",
        "The phone was revoked before this entry. The district admits or refuses it.";
    ENTRY_DIFFERS_FROM_RECOVERED = "entry.differs_from_recovered",
        "同号的收购单已按纸单补录，内容不同，这一笔留存待核。",
        "A slip of this number was recovered from paper with other content. This one is held.";
    RECOVERED_UNREADABLE = "recovered.unreadable",
        "补录的内容不是一张能读懂的农户单据，请重新扫纸单上的二维码。",
        "What was recovered is no entry of a grower that can be read. Scan the slip again.";
    RECOVERED_OTHER_VILLAGE = "recovered.other_village",
        "这张单是另一个村的，请由那个村的经办补录。",
        "This slip is another village's. Recover it in that village.";
    TARGET_UNKNOWN = "entry.target_unknown",
        "找不到所指的那一笔，请同步后再试。",
        "The entry that this one names is not known here. Sync and try again.";
    TARGET_DIFFERS = "entry.target_differs",
        "所指的那一笔内容不同，请重新打开后再办。",
        "The entry that this one names has other content. Open it again first.";
    TARGET_NOT_COUNTED = "entry.target_not_counted",
        "所指的那一笔没有入账或已作废，不能再办。",
        "The entry that this one names does not count or is voided.";
    WRONG_ENTITY = "entry.wrong_entity",
        "所指的那一笔属于另一个核算主体，请在那个主体下办理。",
        "The entry that this one names belongs to another entity. Work there.";
    LINE_UNKNOWN = "entry.line_unknown",
        "收购单上没有这一条明细，请核对行号。",
        "The slip has no such line. Check the line's number.";
    SAME_PERSON = "entry.same_person",
        "这件事要两个人办，请由另一人复核。",
        "This needs two people. Somebody else must approve it.";

    // Corrections.

    RETURN_NOT_POSITIVE = "return.not_positive",
        "退货重量要大于零，请重新过秤。",
        "The weight of a return must be above zero. Weigh again.";
    RETURN_BEYOND_LINE = "return.beyond_line",
        "退货多于这条明细剩下的重量，请核对。",
        "More is returned than is left of the line. Check the weight.";
    RETURN_TOO_LATE = "return.too_late",
        "超过了合同约定的退货时限，损失由合作社承担；确要退货请报县社认可。",
        "The contract's hours for a return are over: the loss is the co-op's, unless the district admits it.";
    RETURN_OF_PENDING = "return.of_pending",
        "这条明细还没有定价，请先作废重开，或等定价后再退。",
        "The line has no final price yet. Void the slip, or return after the price is fixed.";
    PRICE_FIX_NOT_PENDING = "price_fix.not_pending",
        "这条明细不是待定价，要改价请用调整。",
        "The line is not at a pending price. Use an adjustment.";
    PRICE_FIX_TWICE = "price_fix.twice",
        "这条明细已经定价，要改价请用调整。",
        "The line's price is already fixed. Use an adjustment.";
    PRICE_FIX_BELOW_FLOOR = "price_fix.below_floor",
        "定价低于合同保底价，请按保底价定价。",
        "The price is below the contract's floor. The floor holds.";
    PRICE_FIX_WEIGHT_DISAGREES = "price_fix.weight_disagrees",
        "定价的重量与这条明细不符，请核对。",
        "The weights of the price fix are not those of the line. Check them.";
    ADJUSTMENT_BELOW_ZERO = "adjustment.below_zero",
        "调整后收购单金额会小于零，请改小，或作废重开。",
        "The slip would come to less than nothing. Lower the adjustment, or void the slip.";

    // Decisions, people, closes.

    HOLD_SETTLES_NOTHING = "hold.settles_nothing",
        "请写明认可或不认可的是哪条原因。",
        "Name the reasons that this decision settles.";
    HOLD_NOT_ADMISSIBLE = "hold.not_admissible",
        "这条原因不能认可：金额或对象无法确定，请作废重开。",
        "This reason cannot be admitted: what it moves is not known. Write it again rightly.";
    HOLD_TARGET_CLOSED = "hold.target_closed",
        "这一笔已在结账范围内，决定不再起作用，请用调整。",
        "A close already covers this entry. The decision has no effect; use an adjustment.";
    IDENTITY_WITH_ITSELF = "identity.with_itself",
        "两个户号是同一个，不用关联。",
        "Both numbers are the same household already.";
    ROSTER_NUMBER_ZERO = "roster.number_zero",
        "人员编号要从 1 开始，请改正。",
        "Numbers of people begin at 1. Correct it.";
    CLOSE_DEVICE_TWICE = "close.device_twice",
        "结账里同一部设备出现两次，请重新结账。",
        "One device stands twice in the close. Close the month again.";
    CLOSE_TOO_LONG = "close.too_long",
        "结账的明细太多，请先处理留存待核的单据。",
        "The close names too many rows. Settle held entries first.";
    CLOSE_MONTH_NOT_NEXT = "close.month_not_next",
        "这个月或更晚的月份已经结账，不能再结。",
        "This month, or a later one, is closed already.";
    CLOSE_OTHER_VILLAGE = "close.other_village",
        "只能给本设备所属的村结账。",
        "A device closes the months of its own village only.";
    }
}
