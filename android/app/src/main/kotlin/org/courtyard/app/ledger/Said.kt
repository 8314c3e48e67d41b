// What the core says of a failure, as a trouble to show.

package org.courtyard.app.ledger

import org.courtyard.app.look.StateMark
import org.courtyard.app.look.Trouble
import org.courtyard.core.CourtyardException
import org.courtyard.core.SlipMark

/** The words of a failure; every family carries them. */
fun CourtyardException.trouble(): Trouble = when (this) {
    is CourtyardException.Typed -> Trouble(code, reasonZh, reasonEn)
    is CourtyardException.Problem -> Trouble(code, reasonZh, reasonEn)
    is CourtyardException.Enrolment -> Trouble(code, reasonZh, reasonEn)
    is CourtyardException.Network -> Trouble(code, reasonZh, reasonEn)
    is CourtyardException.Store -> Trouble(code, reasonZh, reasonEn)
}

/** The look of a slip's state. */
fun SlipMark.look(): StateMark = when (this) {
    SlipMark.VOID -> StateMark.VOID
    SlipMark.HELD -> StateMark.LOOK
    SlipMark.QUESTION -> StateMark.QUESTION
    SlipMark.WAITING -> StateMark.WAITING
    SlipMark.SYNCED -> StateMark.SYNCED
}
