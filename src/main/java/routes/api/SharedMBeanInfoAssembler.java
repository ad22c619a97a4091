package routes.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.InvalidTargetObjectTypeException;
import javax.management.modelmbean.ModelMBean;
import javax.management.modelmbean.ModelMBeanInfo;
import javax.management.modelmbean.ModelMBeanInfoSupport;
import javax.management.modelmbean.RequiredModelMBean;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.NotificationSenderAware;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.apache.camel.support.management.MixinRequiredModelMBean;
import org.apache.camel.support.management.NotificationSenderAdapter;

/**
 * Camel's MBeans with one description per class instead of one per MBean. The description of a route is about 90 kB,
 * the JDK copies it for every MBean, and each hook is a route.
 */
final class SharedMBeanInfoAssembler extends DefaultManagementMBeanAssembler {

    private final Map<Class<?>, ModelMBeanInfo> shared = new ConcurrentHashMap<>();

    SharedMBeanInfoAssembler(CamelContext camelContext) {
        super(camelContext);
    }

    @Override
    public ModelMBean assemble(MBeanServer server, Object managed, ObjectName name) throws JMException {
        if (managed instanceof ManagedInstance instance
                && instance.getInstance() != null
                && instance.getInstance() != managed
                && describesItself(instance.getInstance())) {
            return super.assemble(server, managed, name);
        }
        ModelMBeanInfo info = info(managed, name);
        return info == null ? null : mbean(info, managed);
    }

    private static boolean describesItself(Object instance) {
        return instance.getClass().isAnnotationPresent(ManagedResource.class);
    }

    private ModelMBeanInfo info(Object managed, ObjectName name) throws JMException {
        ModelMBeanInfo known = shared.get(managed.getClass());
        if (known != null) {
            return known;
        }
        ModelMBeanInfo described = assembler.getMBeanInfo(camelContext, managed, null, name.toString());
        if (described == null) {
            return null;
        }
        shared.putIfAbsent(managed.getClass(), new SharedMBeanInfo(described));
        return shared.get(managed.getClass());
    }

    private ModelMBean mbean(ModelMBeanInfo info, Object managed) throws JMException {
        boolean mask = Boolean.TRUE.equals(
                camelContext.getManagementStrategy().getManagementAgent().getMask());
        RequiredModelMBean mbean = new MixinRequiredModelMBean(info, mask, null, null);
        try {
            mbean.setManagedResource(managed, "ObjectReference");
        } catch (InvalidTargetObjectTypeException e) {
            throw new JMException(e.getMessage());
        }
        if (managed instanceof NotificationSenderAware sender) {
            sender.setNotificationSender(new NotificationSenderAdapter(mbean));
        }
        return mbean;
    }

    /**
     * Hands out itself where the JDK asks for a copy. Nothing changes it afterwards: Camel's attributes are not cached
     * in it.
     */
    private static final class SharedMBeanInfo extends ModelMBeanInfoSupport {

        private static final long serialVersionUID = 1;

        SharedMBeanInfo(ModelMBeanInfo described) {
            super(described);
        }

        @Override
        public Object clone() {
            return this;
        }
    }
}
