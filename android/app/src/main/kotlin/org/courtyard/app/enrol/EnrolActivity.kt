// Enrolling the phone, on Android.

package org.courtyard.app.enrol

import android.content.ClipboardManager
import android.content.Intent
import android.os.Bundle
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.ledger.Sync
import org.courtyard.app.look.Trouble
import org.courtyard.app.look.TroubleView
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.ScreenActivity
import org.courtyard.app.screen.onText
import org.courtyard.app.screen.onTouch
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.view
import org.courtyard.app.screen.write
import org.courtyard.app.today.TodayActivity

/** Shows [EnrolScreen]. What was typed is the field's own to keep. */
class EnrolActivity : ScreenActivity<EnrolModel, EnrolEvent, EnrolEffect>(EnrolScreen) {
    override val layout = R.layout.enrol

    /** However the first sync ends, the phone is enrolled: the day's screen says what is missing. */
    private val fetching: (Sync) -> Unit = { sync ->
        post(if (sync is Sync.Running) EnrolEvent.Fetching(sync.fetched) else EnrolEvent.Fetched)
    }

    override fun begin(kept: Bundle?): Next<EnrolModel, EnrolEffect> = Next.of(EnrolModel(), EnrolEffect.Look)

    override fun bind() {
        view<EditText>(R.id.invitation).onText { send(EnrolEvent.Typed(it)) }
        onTouch(R.id.paste) { paste() }
        onTouch(R.id.enrol) { send(EnrolEvent.Asked) }
    }

    override fun render(model: EnrolModel) {
        val asking = model.step == Step.ASKING
        view<EditText>(R.id.invitation).apply {
            write(model.typed)
            isEnabled = asking
        }
        view<Button>(R.id.paste).isEnabled = asking
        view<Button>(R.id.enrol).isEnabled = model.ready
        view<TroubleView>(R.id.trouble).show(model.trouble)
        view<TextView>(R.id.progress).showOrHide(
            when (model.step) {
                Step.ASKING -> null
                Step.ENROLLING -> getString(R.string.enrol_asking)
                Step.FETCHING -> getString(R.string.enrol_fetching, model.fetched)
            },
        )
    }

    override fun perform(effect: EnrolEffect): EnrolEvent? {
        when (effect) {
            EnrolEffect.Look -> return EnrolEvent.Enrolled.takeIf { courtyard.ledger.isEnrolled() }
            is EnrolEffect.Enrol -> {
                courtyard.ledger.enrol(effect.invitation)
                return EnrolEvent.Enrolled
            }
            EnrolEffect.Fetch -> {
                courtyard.syncing.start()
                courtyard.syncing.watch(fetching)
            }
            EnrolEffect.OpenToday -> Unit
        }
        return null
    }

    override fun refused(effect: EnrolEffect, trouble: Trouble): EnrolEvent = EnrolEvent.Failed(trouble)

    override fun onDestroy() {
        courtyard.syncing.leave(fetching)
        super.onDestroy()
    }

    override fun show(effect: EnrolEffect) {
        startActivity(Intent(this, TodayActivity::class.java))
        finish()
    }

    private fun paste() {
        val board = getSystemService(ClipboardManager::class.java)
        val words = board.primaryClip?.takeIf { it.itemCount > 0 }?.getItemAt(0)?.coerceToText(this)
        if (!words.isNullOrBlank()) view<EditText>(R.id.invitation).write(words.toString())
    }
}
