// What every test of a screen needs: the application, waiting without sleeping, touching, pictures.

package org.courtyard.app

import android.app.Activity
import android.content.Context
import android.graphics.Bitmap
import android.os.Handler
import android.os.Looper
import android.view.PixelCopy
import android.view.View
import android.view.Window
import android.widget.EditText
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** A phone in the hand, and the same with Chinese and at night. */
object Phone {
    const val EN = "en-rUS-w411dp-h731dp-port-xhdpi"
    const val ZH = "zh-rCN-w411dp-h731dp-port-xhdpi"
    const val ZH_NIGHT = "zh-rCN-w411dp-h731dp-port-night-xhdpi"
    const val EN_NIGHT = "en-rUS-w411dp-h731dp-port-night-xhdpi"

    /** The cheapest one: small, and coarse. */
    const val ZH_SMALL = "zh-rCN-w320dp-h533dp-port-hdpi"

    /** Makes text as large as the phone's settings allow. */
    fun largeText() = RuntimeEnvironment.setFontScale(LARGE)

    private const val LARGE = 1.5f
}

/** The base of all tests that run an activity. */
@RunWith(RobolectricTestRunner::class)
abstract class ScreenTest {
    /** The application of this test. */
    protected val app: Courtyard get() = RuntimeEnvironment.getApplication() as Courtyard

    /** Waits until no effect is under way and no event waits. */
    protected fun settle() {
        val main = shadowOf(Looper.getMainLooper())
        do {
            val passed = CountDownLatch(1)
            app.work.run { passed.countDown() }
            assertTrue("the ledger answers", passed.await(PATIENCE_S, TimeUnit.SECONDS))
            main.idle()
        } while (app.work.pending > 0)
        main.idle()
    }

    /** Waits for something that comes from another thread (a sync). */
    protected fun waitFor(what: String, holds: () -> Boolean) {
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S)
        while (true) {
            settle()
            if (holds()) return
            assertTrue("waited in vain: $what", System.nanoTime() < end)
            Thread.yield()
        }
    }

    /** Touches a view as a finger would: it must be there and able. */
    protected fun Activity.touch(id: Int) {
        val view = findViewById<View>(id)
        assertTrue("${resources.getResourceEntryName(id)} is shown", view.isShown)
        assertTrue("${resources.getResourceEntryName(id)} can be touched", view.isEnabled)
        assertTrue("${resources.getResourceEntryName(id)} does something", view.performClick())
        settle()
    }

    /** Types into a field. */
    protected fun Activity.type(id: Int, text: String) {
        findViewById<EditText>(id).setText(text)
        settle()
    }

    /** What a text view says. */
    protected fun Activity.text(id: Int): String = findViewById<TextView>(id).text.toString()

    /** Whether it can be seen. */
    protected fun Activity.sees(id: Int): Boolean = findViewById<View>(id).isShown

    /** Keeps a picture of the window; PixelCopy goes through the real renderer. */
    protected fun picture(window: Window, name: String): Bitmap {
        settle()
        val view = window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        var result = -1
        PixelCopy.request(window, bitmap, { result = it }, Handler(Looper.getMainLooper()))
        settle()
        assertEquals(PixelCopy.SUCCESS, result)
        val file = File(System.getProperty("screenshot.dir") ?: "target/screenshots", "$name.png")
        file.parentFile?.mkdirs()
        file.outputStream().use { assertTrue(bitmap.compress(Bitmap.CompressFormat.PNG, 100, it)) }
        return bitmap
    }

    /** Every view that can be touched is large enough for a thumb. */
    protected fun Activity.assertTargets(leastDp: Int = 48) {
        val least = leastDp * resources.displayMetrics.density - 1
        fun walk(view: View) {
            if (view.isClickable && view.isShown) {
                assertTrue("$view is as high as a thumb", view.height >= least)
                assertTrue("$view is as wide as a thumb", view.width >= least)
            }
            if (view is android.view.ViewGroup) {
                for (place in 0 until view.childCount) walk(view.getChildAt(place))
            }
        }
        walk(findViewById(android.R.id.content))
    }

    protected companion object {
        /** How long a test waits for what must come. */
        const val PATIENCE_S = 30L

        /** Words of the app in the language of the test. */
        fun Context.say(id: Int, vararg arguments: Any): String = getString(id, *arguments)
    }
}
