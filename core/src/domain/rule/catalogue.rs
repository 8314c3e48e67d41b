//! The rules by group. A rule that comes from a law names it.

use super::Rule;

rules! {
    /// Purchases, voids, payouts, contracts, notes, what is published, and the warnings.
    PURCHASES {
    // A slip and its lines.

    PURCHASE_NO_LINES = "purchase.no_lines",
        "收购单上没有明细，请先过秤。",
        "The slip has no lines. Weigh something first.";
    PURCHASE_TOO_MANY_LINES = "purchase.too_many_lines",
        "一张收购单的明细太多，请分成两张单。",
        "The slip has too many lines. Split it into two slips.";
    PURCHASE_PRODUCT_UNKNOWN = "purchase.product_unknown",
        "县社目录里没有这个品名，请重新选择，或同步后再试。",
        "The district's catalogue does not have this product. Choose again, or sync first.";
    PURCHASE_GRADE_UNKNOWN = "purchase.grade_unknown",
        "这个品名没有这个等级，请重新选择等级。",
        "This product is not bought in this grade. Choose another grade.";
    PURCHASE_NO_WEIGHINGS = "purchase.no_weighings",
        "这条明细还没有过秤，请过秤或删去这条明细。",
        "The line has no weighing. Weigh it or remove the line.";
    PURCHASE_TOO_MANY_WEIGHINGS = "purchase.too_many_weighings",
        "一条明细的过秤次数太多，请另开一条明细。",
        "The line has too many weighings. Begin another line.";
    PURCHASE_GROSS_NOT_POSITIVE = "purchase.gross_not_positive",
        "毛重必须大于零，请看秤后重新过秤。",
        "The gross weight must be above zero. Look at the scale and weigh again.";
    PURCHASE_TARE_NEGATIVE = "purchase.tare_negative",
        "皮重不能小于零，请改正皮重。",
        "The tare cannot be below zero. Correct the tare.";
    PURCHASE_TARE_NOT_BELOW_GROSS = "purchase.tare_not_below_gross",
        "皮重不能大于或等于毛重，请重新过秤。",
        "The tare must be below the gross weight. Weigh again.";
    PURCHASE_BEYOND_CAPACITY = "purchase.beyond_capacity",
        "毛重超过了秤的最大称量，请检查数字，或分次过秤。",
        "The gross weight is more than the scale can carry. Check the number, or weigh in parts.";
    PURCHASE_TOO_MANY_DEDUCTIONS = "purchase.too_many_deductions",
        "一条明细的扣重项目太多，请合并。",
        "The line has too many deductions. Join some of them.";
    PURCHASE_DEDUCTION_NOT_POSITIVE = "purchase.deduction_not_positive",
        "扣重必须大于零，请改正或删去这项扣重。",
        "A deduction must be above zero. Correct it or remove it.";
    PURCHASE_DEDUCTIONS_NOT_BELOW_NET = "purchase.deductions_not_below_net",
        "扣重合计必须小于净重，请改正扣重。",
        "The deductions together must be below the net weight. Correct the deductions.";
    PURCHASE_NO_PRICE = "purchase.no_price",
        "价目表上没有这个品名和等级的价格，请输入价格，或同步后再试。",
        "The price list has no price for this product and grade. Type a price, or sync first.";
    PURCHASE_NO_SEGMENTS = "purchase.no_segments",
        "这条明细没有价格，请输入价格。",
        "The line has no price. Type a price.";
    PURCHASE_TOO_MANY_SEGMENTS = "purchase.too_many_segments",
        "一条明细最多两个价段，请拆成两条明细。",
        "A line has at most two price segments. Split it into two lines.";
    PURCHASE_SEGMENT_NOT_POSITIVE = "purchase.segment_not_positive",
        "价段的重量必须大于零，请重新计价。",
        "The weight of a price segment must be above zero. Price the line again.";
    PURCHASE_PRICE_NOT_POSITIVE = "purchase.price_not_positive",
        "价格必须大于零，请重新输入价格。",
        "The price must be above zero. Type it again.";
    PURCHASE_SEGMENTS_DO_NOT_ADD_UP = "purchase.segments_do_not_add_up",
        "各价段重量之和不等于结算重量，请重新计价。",
        "The price segments do not add up to the settlement weight. Price the line again.";
    PURCHASE_AMOUNT_DISAGREES = "purchase.amount_disagrees",
        "打印的金额与重量乘单价算出的金额不一致，请重新计算后再保存。",
        "The printed amount is not weight times price. Compute it again before saving.";
    PURCHASE_HALF_PENDING = "purchase.half_pending",
        "一条明细要么全部待定价，要么全部定价，请改正价格。",
        "A line is either wholly at a pending price or not at all. Correct the price.";
    PURCHASE_TOO_LARGE = "purchase.too_large",
        "数字太大，无法计算，请检查重量和价格。",
        "The numbers are too large to compute. Check the weights and prices.";

    // Taking an entry back. The original stays complete and unaltered (电子签名法 art. 5).

    VOID_TARGET_UNKNOWN = "void.target_unknown",
        "找不到要作废的单据，请核对单号，同步后再试。",
        "The entry to void is not known here. Check the number, or sync first.";
    VOID_TARGET_DIFFERS = "void.target_differs",
        "要作废的单据与当时看到的内容不同，请重新打开原单核对。",
        "The entry to void is not the one that was seen. Open the original and look again.";
    VOID_TARGET_HELD = "void.target_held",
        "要作废的单据还在留存待核，作废也一同待核，请县社处理。",
        "The entry to void is itself held. The void waits with it for the office.";
    VOID_WRONG_ENTITY = "void.wrong_entity",
        "作废单与原单不属于同一个核算主体，请核对后重开。",
        "The void names another entity than the original. Check it and write it again.";
    VOID_TARGET_NOT_VOIDABLE = "void.target_not_voidable",
        "这种单据不能作废，请另写一笔更正。",
        "Entries of this kind cannot be voided. Correct this one by a new entry.";
    VOID_ALREADY_VOIDED = "void.already_voided",
        "这张单据已经作废过了，不用再作废。",
        "This entry is already voided. Nothing more is needed.";
    VOID_REASON_EMPTY = "void.reason_empty",
        "作废必须写明原因，请写上原因。",
        "A void needs a reason. Write the reason.";
    VOID_REASON_TOO_LONG = "void.reason_too_long",
        "作废原因太长，请写得短一些。",
        "The reason for the void is too long. Make it shorter.";
    VOID_REPLACES_ITSELF = "void.replaces_itself",
        "补开的单据不能就是被作废的那一张，请核对单号。",
        "The replacement cannot be the voided entry itself. Check the number.";
    VOID_NEEDS_SECOND_PERSON = "void.needs_second_person",
        "这张单已经付过款或不是当天的，作废要由县社第二人同意，请联系县社。",
        "This slip is paid or not of today. A second person at the office must agree to the void.";

    VOID_RESERVED = "void.reserved",
        "县社已经为这张单安排银行付款，请等付款结果，或先撤回预留，再作废。",
        "The office has reserved this slip for the bank. Wait for the result or release it first.";
    VOID_PAYMENT_MOVED = "void.payment_moved",
        "这笔付款已转到另一张单或成为应收退款，不能再作废，请改用收款或调整。",
        "This payment has moved to another slip or became a refund. Record a receipt or an adjustment.";
    VOID_REPAID_SINCE = "void.repaid_since",
        "这笔欠款已经扣还或收过款，请先作废那些付款或收款，再作废这一笔。",
        "Some of this debt was repaid. Void those payouts or receipts first.";
    VOID_RETURNED_SINCE = "void.returned_since",
        "这条明细定价后又退过货，请先作废退货，再作废定价。",
        "Some of the line was returned at this price. Void the return first.";

    // Paying in cash.

    PAYOUT_NOTHING = "payout.nothing",
        "没有要付的金额，请选择未付的收购单。",
        "There is nothing to pay. Choose a slip that is not yet paid.";
    PAYOUT_TOO_MANY_SLIPS = "payout.too_many_slips",
        "一次付款的收购单太多，请分两次付。",
        "One payout names too many slips. Pay in two parts.";
    PAYOUT_ALLOCATION_NOT_POSITIVE = "payout.allocation_not_positive",
        "每张单的付款必须大于零，请删去不付的单。",
        "What is paid of each slip must be above zero. Remove the slips that are not paid.";
    PAYOUT_SLIP_TWICE = "payout.slip_twice",
        "同一张收购单在一次付款里出现了两次，请合并。",
        "The same slip stands twice in one payout. Join the two.";
    PAYOUT_ROUNDING_NEGATIVE = "payout.rounding_negative",
        "抹零只能多付给农户，不能少付，请重新计算。",
        "Rounding may only favour the grower. Compute the payout again.";
    PAYOUT_ROUNDING_BEYOND_UNIT = "payout.rounding_beyond_unit",
        "抹零超过了县社规定的单位，请重新计算。",
        "The rounding is beyond the district's cash unit. Compute the payout again.";
    PAYOUT_CASH_DISAGREES = "payout.cash_disagrees",
        "现金不等于各单付款加抹零，请重新计算后再付。",
        "The cash is not the sum of the slips and the rounding. Compute it again before paying.";
    PAYOUT_TOO_LARGE = "payout.too_large",
        "金额太大，无法计算，请检查付款金额。",
        "The amounts are too large to compute. Check the payout.";
    PAYOUT_SLIP_UNKNOWN = "payout.slip_unknown",
        "找不到要付款的收购单，请核对单号，同步后再试。",
        "The slip to pay is not known here. Check the number, or sync first.";
    PAYOUT_SLIP_NOT_COUNTED = "payout.slip_not_counted",
        "这张收购单已作废或留存待核，现在不能付款，请先由县社处理。",
        "This slip is voided or held and cannot be paid now. The office must settle it first.";
    PAYOUT_BEYOND_UNPAID = "payout.beyond_unpaid",
        "付款超过了这张单的未付金额，请核对已付款项。",
        "The payout is more than what is unpaid of the slip. Check what was already paid.";
    PAYOUT_WRONG_GROWER = "payout.wrong_grower",
        "这张收购单不是这户农户的，请核对农户和单号。",
        "This slip belongs to another grower. Check the grower and the number.";
    PAYOUT_WRONG_ENTITY = "payout.wrong_entity",
        "这张收购单属于另一个核算主体，请分开付款。",
        "This slip belongs to another entity. Pay it separately.";
    PAYOUT_NOT_THE_BUYER = "payout.not_the_buyer",
        "现金只能由开这张单的管家付，请让原管家付，或由县社转账。",
        "Only the steward who bought may pay in cash. Ask that steward, or the office by bank.";

    // Contracts.

    CONTRACT_VERSION_ZERO = "contract.version_zero",
        "合同版本从一开始编号，请重新保存合同。",
        "Contract versions count from one. Save the contract again.";
    CONTRACT_VERSION_OUT_OF_TURN = "contract.version_out_of_turn",
        "合同的这个版本与已有的版本接不上，请同步后看最新的合同再改。",
        "This contract version does not follow the last one. Sync, read the newest, change that.";
    CONTRACT_QUANTITY_NOT_POSITIVE = "contract.quantity_not_positive",
        "合同数量必须大于零，请填写预计数量。",
        "The contract's quantity must be above zero. Write the expected quantity.";
    CONTRACT_AREA_NOT_POSITIVE = "contract.area_not_positive",
        "种植面积必须大于零，请填写面积。",
        "The area must be above zero. Write the area.";
    CONTRACT_FLOOR_NEGATIVE = "contract.floor_negative",
        "保底价不能小于零，请改正保底价。",
        "The floor price cannot be below zero. Correct it.";
    CONTRACT_TOLERANCE_OUT_OF_RANGE = "contract.tolerance_out_of_range",
        "合同允许的超交比例应在零到百分之百之间，请改正。",
        "The contract's tolerance must lie between 0 and 100 %. Correct it.";
    CONTRACT_DATES_REVERSED = "contract.dates_reversed",
        "交货期的结束日早于开始日，请改正日期。",
        "The delivery period ends before it begins. Correct the dates.";
    CONTRACT_UNKNOWN = "contract.unknown",
        "找不到明细上写的合同，请核对合同号，同步后再试。",
        "The contract on the line is not known here. Check its number, or sync first.";
    CONTRACT_NOT_COUNTED = "contract.not_counted",
        "明细上写的合同已作废或留存待核，请先由县社处理。",
        "The contract on the line is voided or held. The office must settle it first.";
    CONTRACT_WRONG_PRODUCT = "contract.wrong_product",
        "这份合同种的不是这个品名，请核对品名和合同号。",
        "This contract is for another product. Check the product and the contract's number.";
    CONTRACT_WRONG_ENTITY = "contract.wrong_entity",
        "这份合同属于另一个核算主体，请核对合同号。",
        "This contract belongs to another entity. Check the contract's number.";

    // Notes.

    NOTE_EMPTY = "note.empty",
        "备注是空的，请写上内容再保存。",
        "The note is empty. Write something before saving.";
    NOTE_TOO_LONG = "note.too_long",
        "备注太长，请写短一些，或分成几条。",
        "The note is too long. Make it shorter, or write several.";

    // What the district publishes.

    PUBLISHED_NAME_EMPTY = "published.name_empty",
        "名称不能为空，请填写名称后再发布。",
        "The name is empty. Write it before publishing.";
    PUBLISHED_GRADES_OUT_OF_RANGE = "published.grades_out_of_range",
        "等级数应在一到二十六之间，请改正后再发布。",
        "A product has 1 to 26 grades. Correct it before publishing.";
    PUBLISHED_ROW_TWICE = "published.row_twice",
        "同一项在表里出现了两次，请删去一项再发布。",
        "The same item stands twice. Remove one before publishing.";
    PUBLISHED_PRICE_NOT_POSITIVE = "published.price_not_positive",
        "价目表上的价格必须大于零，请改正后再发布。",
        "A list price must be above zero. Correct it before publishing.";
    PUBLISHED_LIMIT_OUT_OF_RANGE = "published.limit_out_of_range",
        "收购规定里的限额超出了可用范围，请改正后再发布。",
        "A limit in the rules is out of range. Correct it before publishing.";

    // Any entry.

    ENTRY_LAMPORT_JUMP = "entry.lamport_jump",
        "这条记录的顺序号跳得太远，已留存待核，请县社核实这部手机。",
        "This entry's order number jumps too far. It is kept and held; the office looks at the phone.";
    ENTRY_NOT_FOR_THIS_DEVICE = "entry.not_for_this_device",
        "这部设备无权写这种记录，已留存待核，请县社处理。",
        "This device may not write this kind of entry. It is kept and held for the office.";
    ENTRY_NEWER_KIND = "entry.newer_kind",
        "这是新版本软件写的记录，已原样保存，请升级后再看。",
        "This entry was written by a newer version. It is kept as it is; update to read it.";
    ENTRY_REISSUED_TWICE = "entry.reissued_twice",
        "同一张原单已经补录过一次，这一张留存待核，不重复计算。",
        "The same original was already issued again. This one is held and not counted twice.";

    // Warnings: they ask to look again and never stop a save.

    WARN_PRICE_ABOUT_DOUBLE = "warn.price_about_double",
        "价格约为价目表的两倍。是元/斤还是元/公斤？请再看一眼。",
        "The price is about twice the list. Is it per jin or per kg? Look again.";
    WARN_PRICE_ABOUT_HALF = "warn.price_about_half",
        "价格约为价目表的一半。是元/斤还是元/公斤？请再看一眼。",
        "The price is about half the list. Is it per jin or per kg? Look again.";
    WARN_PRICE_FAR_OFF_LIST = "warn.price_far_off_list",
        "价格与价目表相差很大，请再看一眼。",
        "The price is far off the list. Look again.";
    WARN_PRICE_LOW = "warn.price_low",
        "价格低得少见，请看是否少打了一位。",
        "The price is unusually low. See whether a digit is missing.";
    WARN_BELOW_FLOOR = "warn.below_floor",
        "价格低于合同的保底价，请核对合同。",
        "The price is below the contract's floor price. Check the contract.";
    WARN_REPEAT = "warn.repeat",
        "刚刚给这户开过相近的一张单。这是第二次？",
        "This grower had a nearly equal slip moments ago. Is this a second one?";
    WARN_CONTRACT_EXCEEDED = "warn.contract_exceeded",
        "已超过合同数量，请按合同约定核对超出部分的价格。",
        "The contract's quantity is exceeded. Check the price of the excess with the contract.";
    WARN_OUTSIDE_PERIOD = "warn.outside_period",
        "今天不在合同的交货期内，请核对合同。",
        "Today is outside the contract's delivery period. Check the contract.";
    // A purchase invoice covers self-produced goods only; more than was grown is false invoicing
    // (发票管理办法: 虚开发票).
    WARN_BEYOND_YIELD = "warn.beyond_yield",
        "交货已超过这块地的常年产量，请核实是否自产。",
        "More was delivered than this land usually yields. Check that it is self-produced.";
    WARN_CLOCK_DOUBT = "warn.clock_doubt",
        "手机时间不可靠，请核对今天的日期。收购和金额不受影响。",
        "The phone's clock is in doubt. Confirm today's date. Purchases and amounts are not affected.";
    WARN_DATE_FAR = "warn.date_far",
        "单据日期与今天相差一天以上，请再看一眼日期。",
        "The date of the slip is more than a day from today. Look at it again.";
    WARN_OWN_HOUSEHOLD = "warn.own_household",
        "这是管家自己家的收购，可以开单，会列入县社审核名单。",
        "This is the steward's own household. It is allowed and goes to the reviewer's list.";
    WARN_DEDUCTION_WITHOUT_REASON = "warn.deduction_without_reason",
        "扣重没有写原因，农户会问，请补上原因。",
        "A deduction has no reason. The grower will ask; add one.";
}
}
