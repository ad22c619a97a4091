package routes.hooks.http.chat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** The body for a WeCom robot and whom it mentions. */
@Component("wecomRequest")
public final class WeComRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        List<String> text =
                new ArrayList<>(List.of("\"content\":" + exchange.getVariable("messageJson", String.class)));
        for (String list : new String[] {"mentioned_list", "mentioned_mobile_list"}) {
            text.addAll(MentionList.member(list, exchange.getVariable(list, "", String.class)));
        }
        exchange.getMessage().setBody("{\"msgtype\":\"text\",\"text\":{" + String.join(",", text) + "}}");
    }
}
