package routes.api;

import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** JMX as the console shows it: every hook's route with its figures, at a price that allows thousands of them. */
@Configuration(proxyBeanMethods = false)
class JmxConfig {

    @Bean
    CamelContextConfiguration sharedMBeanInfo() {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                camel.getCamelContextExtension().setManagementMBeanAssembler(new SharedMBeanInfoAssembler(camel));
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // nothing left to do
            }
        };
    }
}
