package routes.api.rest;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The API's documentation for people: Swagger UI on the contract. Files are in {@code static/api} and in the WebJar.
 */
@Controller
@ConditionalOnWebApplication
class ApiPage {

    @GetMapping({"/api", "/api/"})
    String page() {
        return "forward:/api/index.html";
    }

    @GetMapping("/api/openapi.yaml")
    ResponseEntity<Resource> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(new ClassPathResource("openapi.yaml"));
    }
}
