package io.github.httppool.apptests.guide;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The application under test in the testing guide.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {

	@RestController
	static class Orders {

		@GetMapping("/orders/1")
		String order() {
			return "an order";
		}

	}

}
