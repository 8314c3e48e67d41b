// Pictures of the enrolment: before, with a trouble, in both languages, day, night, large.

package org.courtyard.app.enrol

import org.courtyard.app.Phone
import org.courtyard.app.ScreenTest
import org.courtyard.app.look.Trouble
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.annotation.Config

class EnrolLookTest : ScreenTest() {
    private fun shown(name: String, vararg events: EnrolEvent) {
        Robolectric.buildActivity(EnrolActivity::class.java).use { controller ->
            val activity = controller.setup().get()
            events.forEach(activity::send)
            picture(activity.window, name)
            activity.assertTargets()
        }
    }

    private val trouble = Trouble(
        "steward.not_an_invitation",
        "这不是有效的邀请，或抄错了字。请核对后重新粘贴整行。",
        "The invitation cannot be read. Check it and paste the whole line again.",
    )

    @Test
    @Config(qualifiers = Phone.ZH)
    fun `it says what will happen`() = shown("enrol-zh")

    @Test
    @Config(qualifiers = Phone.EN_NIGHT)
    fun `a trouble stands between what was typed and the action`() =
        shown("enrol-en-night-trouble", EnrolEvent.Typed("CY1.AAAA"), EnrolEvent.Failed(trouble))

    @Test
    @Config(qualifiers = Phone.ZH_SMALL)
    fun `large text on a small phone still fits`() {
        Phone.largeText()
        shown("enrol-zh-small-large", EnrolEvent.Typed("CY1.AAAA"))
    }
}
