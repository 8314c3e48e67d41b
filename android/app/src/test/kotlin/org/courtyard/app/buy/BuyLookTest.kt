// Pictures of every stage of 收购, in both languages, by day and night, narrow and with large text.

package org.courtyard.app.buy

import org.courtyard.app.Phone
import org.courtyard.app.R
import org.courtyard.app.pay.PayActivity
import org.courtyard.app.screen.view
import org.courtyard.app.slip.SlipActivity
import android.widget.LinearLayout
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

class BuyLookTest : AtTheScale() {
    /** Walks from the first stage to the payout and keeps a picture of each. */
    private fun walk(name: String, grade: String, keyLeast: Int = 60) {
        lateinit var id: String
        buy {
            fun look(stage: String) {
                picture(it.window, "$name-$stage")
                it.assertTargets()
            }
            look("1-who")
            it.choose("王秀英")
            look("2-what")
            it.choose("菠菜")
            look("3-grade")
            it.choose(grade)
            it.weigh("25.7", "1.5")
            it.keys("31.25")
            look("4-weigh")
            assert(it.view<android.view.View>(R.id.key_5).height >= keyLeast * it.resources.displayMetrics.density - 1)
            it.touch(R.id.action)
            it.touch(R.id.action)
            it.touch(R.id.line_deduct)
            it.keys("2")
            it.view<LinearLayout>(R.id.entry_choices).getChildAt(0).performClick()
            settle()
            look("5-deduct")
            it.touch(R.id.action)
            it.touch(R.id.line_price)
            it.keys("3.1")
            look("6-price")
            it.touch(R.id.action)
            look("7-review")
            it.touch(R.id.discard)
            look("8-discard")
            it.touch(R.id.discard_no)
            id = it.save()
        }
        Robolectric.buildActivity(SlipActivity::class.java, SlipActivity.of(app, id)).use { controller ->
            val it = controller.setup().get()
            settle()
            picture(it.window, "$name-slip")
            it.assertTargets()
            it.touch(R.id.slip_show)
            picture(it.window, "$name-slip-grower")
            it.touch(R.id.grower_done)
            it.touch(R.id.slip_void)
            picture(it.window, "$name-slip-void")
            it.assertTargets()
        }
        Robolectric.buildActivity(PayActivity::class.java, PayActivity.of(app)).use { controller ->
            val it = controller.setup().get()
            settle()
            picture(it.window, "$name-pay-who")
            it.view<LinearLayout>(R.id.pay_growers).getChildAt(0).performClick()
            settle()
            picture(it.window, "$name-pay")
            it.assertTargets()
            it.touch(R.id.pay_action)
            picture(it.window, "$name-paid")
        }
    }

    @Test
    @Config(qualifiers = Phone.ZH)
    fun `every stage by day in Chinese`() = walk("walk-zh", "A 等")

    @Test
    @Config(qualifiers = Phone.EN_NIGHT)
    fun `every stage by night in English`() = walk("walk-en-night", "Grade A")

    @Test
    @Config(qualifiers = "zh-rCN-w360dp-h640dp-port-xhdpi")
    fun `every stage on a narrow phone with large text`() {
        RuntimeEnvironment.setFontScale(LARGE)
        walk("walk-zh-large", "A 等")
    }

    @Test
    @Config(qualifiers = "en-rUS-w640dp-h360dp-land-xhdpi")
    fun `every stage on a phone that lies`() = walk("walk-en-land", "Grade A")

    private companion object {
        const val LARGE = 1.6f
    }
}
