//! The rules of debts, repayments, bank batches and floats.

use super::Rule;

rules! {
    /// Debts, repayments, bank batches and floats.
    MONEY {
    // Debts.

    DEBT_SHARE_OUT_OF_RANGE = "debt.share_out_of_range",
        "约定扣还比例要在 0 到 100% 之间，请改正。",
        "The share for repayment must lie above 0 and up to 100 %. Correct it.";
    DEBT_ITEMS_COUNT = "debt.items_count",
        "农资赊销要有明细，最多五十条，请补录或分开记。",
        "An input credit needs items, fifty at most. Add them or split it.";
    DEBT_ITEM_UNNAMED = "debt.item_unnamed",
        "农资明细没有名称，请写上赊了什么。",
        "An item has no name. Write what was taken.";
    DEBT_ITEM_NOT_POSITIVE = "debt.item_not_positive",
        "农资的数量和单价都要大于零，请改正。",
        "An item's quantity and price must be above zero. Correct them.";
    DEBT_ITEM_AMOUNT_DISAGREES = "debt.item_amount_disagrees",
        "农资明细的金额与数量乘单价不符，请核对。",
        "An item's amount is not its quantity times its price. Check it.";
    DEBT_SUPPLIER_UNNAMED = "debt.supplier_unnamed",
        "代收货款要写明供货单位名称。",
        "A supplier's goods need the supplier's name.";
    DEBT_UNKNOWN = "debt.unknown",
        "找不到这笔预付、赊销或定金，请同步后再试。",
        "This debt is not known here. Sync and try again.";
    DEBT_NOT_COUNTED = "debt.not_counted",
        "这笔预付、赊销或定金没有入账，请先由县社处理。",
        "This debt does not count. The district must decide on it first.";
    DEPOSIT_BEYOND_FIFTH = "deposit.beyond_fifth",
        "定金超过了合同金额的百分之二十（民法典 586 条），请改小，或记为预付货款。",
        "The deposit is more than 20 % of the contract (Civil Code 586). Lower it, or record a prepayment.";
    DEPOSIT_WITHOUT_CONTRACT = "deposit.without_contract",
        "定金要有已签的合同，请先签合同。",
        "A deposit needs a signed contract. Sign it first.";
    RECEIPT_BEYOND_DEBT = "receipt.beyond_debt",
        "收款多于还欠的数，请核对后重新录入。",
        "More was received than is still owed. Check it and enter it again.";

    // Repayments out of slips: the desk refuses them; in the ledger they do not repay.

    REPAYMENT_NOT_POSITIVE = "repayment.not_positive",
        "扣还金额要大于零，请改正或删去。",
        "A repayment must be above zero. Correct it or remove it.";
    REPAYMENT_DEBT_TWICE = "repayment.debt_twice",
        "同一笔欠款在一次付款里扣了两次，请合并。",
        "One debt stands twice in this payout. Join the two.";
    REPAYMENT_TOO_MANY = "repayment.too_many",
        "一次付款扣还的欠款太多，请分次办理。",
        "The payout repays too many debts. Split it.";
    REPAYMENT_WRONG_ENTITY = "repayment.wrong_entity",
        "这笔欠款属于另一个核算主体，不能从这些货款里扣。",
        "This debt belongs to another entity. It cannot be kept back from these slips.";
    REPAYMENT_NOT_DUE = "repayment.not_due",
        "这笔欠款还没到期，不能扣还。",
        "This debt is not due yet. Nothing can be kept back for it.";
    REPAYMENT_NOT_CONFIRMED = "repayment.not_confirmed",
        "农户还没有确认这笔欠款，不能扣还，请先请农户确认。",
        "The grower has not confirmed this debt. Ask for the confirmation first.";
    REPAYMENT_DISPUTED = "repayment.disputed",
        "农户对这笔欠款有异议，处理完之前不能扣还。",
        "The grower disputes this debt. Nothing can be kept back until that is settled.";
    REPAYMENT_FROM_GRAIN = "repayment.from_grain",
        "粮食、油料货款不得代扣（粮食流通管理条例），请全额付款。",
        "Nothing may be kept back from grain or oil crops. Pay in full.";
    REPAYMENT_BEYOND_SHARE = "repayment.beyond_share",
        "扣还超过了约定比例，请改小。",
        "More is kept back than the agreed share. Lower it.";
    REPAYMENT_BEYOND_DEBT = "repayment.beyond_debt",
        "扣还多于还欠的数，多扣的部分仍要付给农户。",
        "More is kept back than is still owed. The rest stays payable to the grower.";

    // Bank batches.

    BANK_LAST_FOUR = "bank.last_four",
        "银行账号要写末四位，请核对。",
        "The bank account's last four digits must stand here. Check them.";
    BANK_BATCH_EMPTY = "bank.batch_empty",
        "这一批没有付款明细，请先预留货款。",
        "The batch has no lines. Reserve payables first.";
    BANK_RESERVE_UNKNOWN = "bank.reserve_unknown",
        "找不到这笔预留，请核对批次。",
        "This reserve is not known. Check the batch.";
    BANK_RESERVE_NOT_COUNTED = "bank.reserve_not_counted",
        "这笔预留没有入账，不能付款。",
        "This reserve does not count, so it cannot be paid.";
    BANK_ALREADY_SETTLED = "bank.already_settled",
        "这笔预留已经有结果，不能再登记一次。",
        "This reserve already has its result. It is not recorded twice.";
    BANK_OTHER_BATCH = "bank.other_batch",
        "这笔预留属于另一批，请核对批次。",
        "This reserve belongs to another batch. Check the batch.";
    BANK_NOT_APPROVED = "bank.not_approved",
        "这一批还没有复核，请先由另一人复核。",
        "The batch is not approved. A second person must approve it first.";
    BANK_APPROVED_TWICE = "bank.approved_twice",
        "这一批已经复核过，不用再复核。",
        "The batch is already approved. It is not approved twice.";
    BANK_TOTAL_DISAGREES = "bank.total_disagrees",
        "文件的笔数或金额与复核的不一致，请重新生成文件。",
        "The file's lines or total differ from what was approved. Make the file again.";
    BANK_FILE_TWICE = "bank.file_twice",
        "这一批已经生成过付款文件，不能再付一次。",
        "A file was already made for this batch. It is not paid twice.";
    BANK_RESERVED = "bank.reserved",
        "这笔货款已由县社安排银行付款，不能再付现金。",
        "The office has reserved this payable for the bank. It cannot be paid in cash.";
    BANK_BEYOND_UNPAID = "bank.beyond_unpaid",
        "预留的金额多于未付的货款，请重新编批。",
        "More is reserved than is unpaid. Prepare the batch again.";

    // Floats.

    FLOAT_TO_ONESELF = "float.to_oneself",
        "备用金不能交给自己，请选择接收人。",
        "A float cannot be handed to oneself. Choose who receives it.";
    FLOAT_COUNT_NEGATIVE = "float.count_negative",
        "盘点的现金不能小于零，请重新清点。",
        "Counted cash cannot be below zero. Count again.";
    FLOAT_OF_THE_OFFICE = "float.of_the_office",
        "县社没有备用金可盘点，请选择管家。",
        "The office has no float to count. Choose a steward.";
    FLOAT_NOT_THE_GIVER = "float.not_the_giver",
        "只能交出自己手里的备用金，请由持有人办理。",
        "Only one's own float can be handed over. The holder must do it.";
    FLOAT_NOT_THE_RECEIVER = "float.not_the_receiver",
        "这笔备用金不是交给您的，请由接收人确认。",
        "This cash is not for you. The receiver must accept it.";
    FLOAT_ISSUE_UNKNOWN = "float.issue_unknown",
        "找不到这笔领用或移交，请同步后再试。",
        "This issue of cash is not known here. Sync and try again.";
    FLOAT_ALREADY_ACCEPTED = "float.already_accepted",
        "这笔备用金已经确认收到，不用再确认。",
        "This cash was already accepted. It is not accepted twice.";
    FLOAT_COUNT_UNKNOWN = "float.count_unknown",
        "找不到这次盘点，请同步后再试。",
        "This count is not known here. Sync and try again.";
    FLOAT_DIFFERENCE_DISAGREES = "float.difference_disagrees",
        "差额与盘点不符，请按盘点结果处理。",
        "The difference is not what the count says. Use the count's own.";
    FLOAT_DIFFERENCE_TWICE = "float.difference_twice",
        "这次盘点的差额已经处理过，不能再入账。",
        "This count's difference is already settled. It is not posted twice.";
    }
}
