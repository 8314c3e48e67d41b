// Robolectric has no AndroidKeyStore provider. This one keeps its keys in memory, so that the sealing
// is the app's own code; what secure hardware adds is not tested here.

package org.courtyard.app.device

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** The provider; it answers to the name that the app asks for. */
@Suppress("DEPRECATION") // Java 8, which Android speaks, has no other constructor
class MemoryKeystore private constructor() : Provider("AndroidKeyStore", 1.0, "keys in memory") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Generator::class.java.name)
    }

    /** The keys, by name. */
    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]
        override fun engineContainsAlias(alias: String) = alias in keys
        override fun engineIsKeyEntry(alias: String) = alias in keys
        override fun engineDeleteEntry(alias: String) { keys.remove(alias) }
        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)
        override fun engineSize() = keys.size
        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
        override fun engineStore(stream: OutputStream?, password: CharArray?) = Unit
        override fun engineIsCertificateEntry(alias: String) = false
        override fun engineGetCertificate(alias: String): Certificate? = null
        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
        override fun engineGetCertificateAlias(certificate: Certificate): String? = null
        override fun engineGetCreationDate(alias: String): Date? = null
        override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = throw UnsupportedOperationException()
        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()
        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()
    }

    /** Makes AES keys under the name that their specification gives. */
    class Generator : KeyGeneratorSpi() {
        private lateinit var name: String
        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(specification: AlgorithmParameterSpec, random: SecureRandom?) {
            name = (specification as KeyGenParameterSpec).keystoreAlias
        }

        override fun engineGenerateKey(): SecretKey {
            val aes = Security.getProviders("KeyGenerator.AES").first { it !is MemoryKeystore }
            return KeyGenerator.getInstance("AES", aes).generateKey().also { keys[name] = it }
        }
    }

    companion object {
        private val keys = mutableMapOf<String, SecretKey>()

        /** Puts an empty one in place. */
        fun install() {
            keys.clear()
            Security.removeProvider("AndroidKeyStore")
            Security.addProvider(MemoryKeystore())
        }

        /** The phone is wiped: every key is gone. */
        fun wipe() = keys.clear()
    }
}
