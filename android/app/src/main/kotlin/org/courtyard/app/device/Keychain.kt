// Seals the device's key with a key that the phone's secure hardware holds.

package org.courtyard.app.device

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.Security
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import java.security.KeyStore as PlatformKeys
import org.courtyard.core.KeyStore
import org.courtyard.core.KeyStoreException

/**
 * AES-GCM under a key in the Android Keystore: it never leaves the secure hardware, and no lock
 * screen is asked for, because a steward must be able to buy with wet hands. A copy of the app's
 * files opens nothing on another phone.
 */
class Keychain(private val name: String) : KeyStore {
    override fun seal(secret: ByteArray): ByteArray = said {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, key())
        cipher.iv + cipher.doFinal(secret)
    }

    override fun unseal(sealed: ByteArray): ByteArray = said {
        if (sealed.size <= IV_BYTES) throw GeneralSecurityException("${sealed.size} bytes hold no secret")
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES))
        cipher.doFinal(sealed, IV_BYTES, sealed.size - IV_BYTES)
    }

    private fun said(work: () -> ByteArray): ByteArray = try {
        work()
    } catch (error: GeneralSecurityException) {
        throw KeyStoreException.Unavailable(error.toString())
    } catch (error: ProviderException) {
        // What the secure hardware throws when it is out of order.
        throw KeyStoreException.Unavailable(error.toString())
    }

    private fun key(): SecretKey {
        val keys = PlatformKeys.getInstance(PROVIDER).apply { load(null) }
        (keys.getKey(name, null) as? SecretKey)?.let { return it }
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        generator.init(
            KeyGenParameterSpec.Builder(name, purposes)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build(),
        )
        return generator.generateKey()
    }

    companion object {
        private const val PROVIDER = "AndroidKeyStore"
        private const val CIPHER = "AES/GCM/NoPadding"
        private const val IV_BYTES = 12
        private const val TAG_BITS = 128

        /** The device's own, or `null` where there is no Android Keystore: on no phone, but under Robolectric. */
        fun ofDevice(): Keychain? = Security.getProvider(PROVIDER)?.let { Keychain("courtyard-device") }
    }
}
