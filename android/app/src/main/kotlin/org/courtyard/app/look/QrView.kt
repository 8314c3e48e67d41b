// A QR: black modules on white, by night too, with the white that a reader needs around them.

package org.courtyard.app.look

import android.content.Context
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.util.AttributeSet
import android.view.View

/** Draws modules that the core made; each is a whole number of pixels. */
class QrView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : View(context, attributes) {
    private val dark = Paint().apply {
        color = Color.BLACK
        isAntiAlias = false
    }
    private var size = 0
    private var modules = ByteArray(0)

    /** Shows these modules, in rows from the top left; 1 is dark. */
    fun show(size: Int, modules: ByteArray) {
        if (size == this.size && modules.contentEquals(this.modules)) return
        this.size = size
        this.modules = modules
        requestLayout()
        invalidate()
    }

    /** As wide as there is room, square, and no wider than the height that is left. */
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val height = MeasureSpec.getSize(heightMeasureSpec)
        val bounded = MeasureSpec.getMode(heightMeasureSpec) != MeasureSpec.UNSPECIFIED
        val room = if (bounded) minOf(width, height) else width
        val across = size + 2 * QUIET
        val side = if (size == 0) 0 else maxOf(room / across, 1) * across
        setMeasuredDimension(side, side)
    }

    override fun onDraw(canvas: Canvas) {
        if (size == 0) return
        canvas.drawColor(Color.WHITE)
        val module = width / (size + 2 * QUIET)
        for (row in 0 until size) {
            for (column in 0 until size) {
                if (modules[row * size + column] == DARK) {
                    val left = ((column + QUIET) * module).toFloat()
                    val top = ((row + QUIET) * module).toFloat()
                    canvas.drawRect(left, top, left + module, top + module, dark)
                }
            }
        }
    }

    private companion object {
        /** Modules of white around it. */
        const val QUIET = 4
        const val DARK: Byte = 1
    }
}
