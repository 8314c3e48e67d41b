// A saved slip: model, events, effects and the pure update.

package org.courtyard.app.slip

import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.OnScreen
import org.courtyard.app.screen.Screen
import org.courtyard.core.Qr
import org.courtyard.core.Slip

/** What the slip is held up for. */
enum class Mode {
    /** The steward reads it. */
    READ,

    /** The grower reads it, at arm's length. */
    GROWER,

    /** It is to be taken back. */
    VOID,
}

/** What stands on the screen. */
data class SlipModel(
    val id: String,
    val mode: Mode = Mode.READ,
    val slip: Slip? = null,
    val qr: Qr? = null,
    /** Why there is no QR. */
    val noQr: Trouble? = null,
    /** Why it is taken back. */
    val reason: String = "",
    /** Why one person cannot take it back alone: then it can be asked for. */
    val alone: Trouble? = null,
    /** The void is on its way to the ledger. */
    val busy: Boolean = false,
    val trouble: Trouble? = null,
) {
    /** Whether the void can be sent off. */
    val canVoid: Boolean get() = mode == Mode.VOID && reason.isNotBlank() && !busy
}

/** What happened. */
sealed interface SlipEvent {
    /** The screen came into view. */
    data object Awake : SlipEvent

    /** The slip was read. */
    data class Read(val slip: Slip) : SlipEvent

    /** Its QR was made. */
    data class QrRead(val qr: Qr) : SlipEvent

    /** There is no QR of it here. */
    data class QrMissing(val trouble: Trouble) : SlipEvent

    /** Pay. */
    data object PayAsked : SlipEvent

    /** The next purchase. */
    data object NextAsked : SlipEvent

    /** Show it to the grower. */
    data object GrowerAsked : SlipEvent

    /** Take it back? */
    data object VoidAsked : SlipEvent

    /** Why it is taken back. */
    data class Reason(val text: String) : SlipEvent

    /** Yes, take it back. */
    data object VoidConfirmed : SlipEvent

    /** It was taken back, or that was asked for. */
    data object Voided : SlipEvent

    /** One person cannot do that alone. */
    data class NotAlone(val trouble: Trouble) : SlipEvent

    /** It was not done. */
    data class Refused(val trouble: Trouble) : SlipEvent

    /** Back was touched. */
    data object Back : SlipEvent
}

/** What is to be done. */
sealed interface SlipEffect {
    /** Read the slip. */
    data class Read(val id: String) : SlipEffect

    /** Make its QR. */
    data class ReadQr(val id: String) : SlipEffect

    /** Take it back; with [ask] also if a second person must agree: it then waits for the district. */
    data class Void(val id: String, val reason: String, val ask: Boolean) : SlipEffect

    /** Pay the grower. */
    data class OpenPay(val grower: String) : SlipEffect, OnScreen

    /** Buy from the next one. */
    data object OpenBuy : SlipEffect, OnScreen

    /** Leave. */
    data object Leave : SlipEffect, OnScreen
}

private typealias After = Next<SlipModel, SlipEffect>

/** The screen itself. */
object SlipScreen : Screen<SlipModel, SlipEvent, SlipEffect> {
    override fun update(model: SlipModel, event: SlipEvent): After = when (event) {
        SlipEvent.Awake ->
            if (model.qr == null && model.noQr == null) {
                Next.of(model, SlipEffect.Read(model.id), SlipEffect.ReadQr(model.id))
            } else {
                Next.of(model, SlipEffect.Read(model.id))
            }
        is SlipEvent.Read -> Next(model.copy(slip = event.slip))
        is SlipEvent.QrRead -> Next(model.copy(qr = event.qr))
        is SlipEvent.QrMissing -> Next(model.copy(noQr = event.trouble))
        SlipEvent.PayAsked -> model.slip?.takeIf { it.payableHere }?.let {
            Next.of(model, SlipEffect.OpenPay(it.grower))
        } ?: Next(model)
        SlipEvent.NextAsked -> Next.of(model, SlipEffect.OpenBuy)
        SlipEvent.GrowerAsked -> Next(if (model.slip == null) model else model.copy(mode = Mode.GROWER))
        SlipEvent.VoidAsked ->
            Next(if (model.slip == null) model else model.copy(mode = Mode.VOID, trouble = null, alone = null))
        // Other words may change what stands against it.
        is SlipEvent.Reason -> Next(model.copy(reason = event.text))
        SlipEvent.VoidConfirmed ->
            if (model.canVoid) {
                val void = SlipEffect.Void(model.id, model.reason.trim(), ask = model.alone != null)
                Next.of(model.copy(busy = true, trouble = null), void)
            } else {
                Next(model)
            }
        SlipEvent.Voided ->
            Next.of(SlipModel(model.id, qr = model.qr, noQr = model.noQr, slip = model.slip), SlipEffect.Read(model.id))
        is SlipEvent.NotAlone ->
            // Asked for and refused all the same: it cannot be done at all.
            if (model.alone == null) {
                Next(model.copy(busy = false, alone = event.trouble))
            } else {
                Next(model.copy(busy = false, alone = null, trouble = event.trouble))
            }
        is SlipEvent.Refused -> Next(model.copy(busy = false, trouble = event.trouble))
        SlipEvent.Back ->
            if (model.mode == Mode.READ) {
                Next.of(model, SlipEffect.Leave)
            } else {
                Next(model.copy(mode = Mode.READ, alone = null, trouble = null))
            }
    }
}
